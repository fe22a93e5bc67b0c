// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/sample_pictures.h"

#include "engine/core/said.h"
#include "engine/data/open_data.h"
#include "ui/document/background.h"
#include "ui/look/colormap.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QDir>
#include <QStandardPaths>

#include <algorithm>
#include <optional>
#include <set>

namespace strata::ui {
namespace {

constexpr int kPictures = 3;
constexpr int kLooked = 64; ///< files of a folder that may tell that it is another

QString cacheFolder(const QString& source) {
    return QStringLiteral("%1/samples/%2").arg(QStandardPaths::writableLocation(QStandardPaths::CacheLocation), source);
}

/// Another one when other files are there under the name. Opening a large data set for its fingerprint is what the cache saves.
QString stampOf(const KnownData& known) {
    QCryptographicHash hash(QCryptographicHash::Sha1);
    const auto add = [&hash](const QFileInfo& file) {
        hash.addData(QStringLiteral("%1 %2 %3\n").arg(file.filePath()).arg(file.size()).arg(file.lastModified().toMSecsSinceEpoch()).toUtf8());
    };
    const QFileInfo place(QString::fromStdString(known.path));
    add(place);
    if (place.isDir()) {
        for (const QFileInfo& file : QDir(place.filePath()).entryInfoList(QDir::AllEntries | QDir::NoDotAndDotDot, QDir::Name).mid(0, kLooked)) add(file);
    }
    return QString::fromLatin1(hash.result().toHex().left(16));
}

QString cacheFile(const QString& folder, const QString& stamp, int number) {
    return QStringLiteral("%1/%2-%3.png").arg(folder, stamp).arg(number);
}

QList<QImage> cached(const QString& folder, const QString& stamp) {
    QList<QImage> pictures;
    for (int i = 0; i < kPictures; ++i) {
        const QImage image(cacheFile(folder, stamp, i));
        if (!image.isNull()) pictures << image;
    }
    return pictures;
}

void keep(const QList<QImage>& pictures, const QString& folder, const QString& stamp) {
    QDir(folder).removeRecursively(); // what was read of older files
    QDir().mkpath(folder);
    for (int i = 0; i < pictures.size(); ++i) pictures[i].save(cacheFile(folder, stamp, i));
}

QImage pictureOf(const Dataset& data, std::int64_t index) {
    const Shape shape = data.sampleShape();
    if (shape.rank() != 3) return {};
    std::vector<float> values(static_cast<std::size_t>(shape.count()));
    data.read(index, values);
    return pictureImage(values, static_cast<int>(shape[0]), static_cast<int>(shape[1]), static_cast<int>(shape[2]), 0, 255);
}

std::optional<KnownData> find(const std::string& source) {
    std::vector<KnownData> all = listDatasets();
    const auto it = std::ranges::find_if(all, [&](const KnownData& known) { return known.name == source && known.available; });
    return it == all.end() ? std::nullopt : std::optional(std::move(*it));
}

/// One picture of each of the first classes; none where the data cannot be read.
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
    }
    return pictures;
}

/// From the cache, else out of the data, which then are in the cache.
QList<QImage> samples(const std::string& source, std::stop_token stop) {
    const std::optional<KnownData> known = find(source);
    if (!known) return {};
    const QString folder = cacheFolder(QString::fromStdString(source)), stamp = stampOf(*known);
    QList<QImage> pictures = cached(folder, stamp);
    if (pictures.size() >= kPictures) return pictures;
    pictures = read(source, stop);
    if (!pictures.isEmpty() && !stop.stop_requested()) keep(pictures, folder, stamp);
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
    const auto work = [source, stop = m_stop.get_token()] {
        return guarded("samples.fault", toSay("The data could not be read: {}."), [&]() -> Result<QList<QImage>> { return samples(source, stop); });
    };
    onThread(m_pool, this, work, [this, source](const Result<QList<QImage>>& pictures) {
        const QString name = QString::fromStdString(source);
        if (pictures && !pictures->isEmpty()) {
            Q_EMIT found(name, *pictures);
            return;
        }
        m_asked.erase(source); // they may come yet
        Q_EMIT missing(name);
    });
}

} // namespace strata::ui
