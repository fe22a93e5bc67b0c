// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/sample_pictures.h"

#include "engine/data/open_data.h"

#include <QDir>
#include <QStandardPaths>

#include <algorithm>
#include <set>

namespace strata::ui {
namespace {

constexpr int kPictures = 3;

QString cacheFile(const QString& source, int number) {
    return QStringLiteral("%1/samples/%2-%3.png").arg(QStandardPaths::writableLocation(QStandardPaths::CacheLocation), source).arg(number);
}

QList<QImage> cached(const QString& source) {
    QList<QImage> pictures;
    for (int i = 0; i < kPictures; ++i) {
        const QImage image(cacheFile(source, i));
        if (!image.isNull()) pictures << image;
    }
    return pictures;
}

QImage pictureOf(const Dataset& data, std::int64_t index) {
    const Shape shape = data.sampleShape();
    if (shape.rank() != 3) return {};
    std::vector<float> values(static_cast<std::size_t>(shape.count()));
    data.read(index, values);
    const int height = static_cast<int>(shape[0]), width = static_cast<int>(shape[1]), channels = static_cast<int>(shape[2]);
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const float* at = values.data() + static_cast<std::ptrdiff_t>(y * width + x) * channels;
            const auto value = [&](int c) { return static_cast<int>(at[channels >= 3 ? c : 0]); };
            image.setPixel(x, y, qRgb(value(0), value(1), value(2)));
        }
    }
    return image;
}

bool isHere(const std::string& source) {
    return std::ranges::any_of(listDatasets(), [&](const KnownData& known) { return known.name == source && known.available; });
}

/// One picture of each of the first classes.
QList<QImage> read(const std::string& source, std::stop_token stop) {
    DataOptions options;
    options.stop = stop;
    const Result<DataSource> opened = openData(source, options);
    if (!opened) return {};
    const Dataset& data = *opened->train;
    QList<QImage> pictures;
    std::set<int> seen;
    for (std::int64_t i = 0; i < data.size() && pictures.size() < kPictures && !stop.stop_requested(); ++i) {
        if (!seen.insert(data.label(i)).second) continue;
        const QImage image = pictureOf(data, i);
        if (image.isNull()) return {};
        pictures << image;
        const QString file = cacheFile(QString::fromStdString(source), static_cast<int>(pictures.size()) - 1);
        QDir().mkpath(QFileInfo(file).path());
        image.save(file);
    }
    return pictures;
}

} // namespace

SamplePictures::SamplePictures(QObject* parent) : QObject(parent) {
    m_pool.setMaxThreadCount(1);
}

SamplePictures::~SamplePictures() {
    m_stop.request_stop();
    m_pool.clear();
    m_pool.waitForDone();
}

void SamplePictures::ask(const std::string& source) {
    if (!m_asked.insert(source).second) return;
    const QString name = QString::fromStdString(source);
    const QList<QImage> kept = cached(name);
    const bool known = kept.size() == kPictures;
    if (known) Q_EMIT found(name, kept);
    m_pool.start([this, source, name, known, stop = m_stop.get_token()] {
        if (!isHere(source)) {
            QMetaObject::invokeMethod(this, [this, name] { Q_EMIT missing(name); }, Qt::QueuedConnection);
            return;
        }
        if (known) return;
        const QList<QImage> pictures = read(source, stop);
        if (pictures.isEmpty() || stop.stop_requested()) return;
        QMetaObject::invokeMethod(this, [this, name, pictures] { Q_EMIT found(name, pictures); }, Qt::QueuedConnection);
    });
}

} // namespace strata::ui
