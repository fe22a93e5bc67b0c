// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/data_images.h"

#include "ui/document/background.h"
#include "ui/document/number_text.h"
#include "ui/inspect/test_images.h"
#include "ui/look/colormap.h"

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kKept = 2000;     ///< pictures
constexpr int kAtOnce = 100;    ///< as many are made before those that came into sight meanwhile
constexpr int kMostPixels = 96; ///< a side of a picture in a list, on a fine screen

/// Large ones are made smaller at once; small ones keep their pixels.
QImage pictureOf(const Dataset& images, std::int64_t index) {
    const Shape shape = images.sampleShape();
    std::vector<float> values(static_cast<std::size_t>(shape.count()));
    images.read(index, values);
    const QImage made = pictureImage(values, static_cast<int>(shape[0]), static_cast<int>(shape[1]), static_cast<int>(shape[2]), 0, 255);
    if (std::max(made.width(), made.height()) <= kMostPixels) return made;
    return made.scaled(kMostPixels, kMostPixels, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

QString titleOf(DataPart part, std::int64_t index) {
    switch (part) {
    case DataPart::Validation: return DataImages::tr("Validation image %1").arg(countText(index));
    case DataPart::Test: return DataImages::tr("Test image %1").arg(countText(index));
    case DataPart::Training: break;
    }
    return DataImages::tr("Training image %1").arg(countText(index));
}

} // namespace

DataImages::DataImages(QObject* parent) : QAbstractListModel(parent), m_pictures(kKept) {
    m_pool.setMaxThreadCount(1);
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &DataImages::makePictures);
}

void DataImages::show(DataPart part, std::shared_ptr<const Dataset> images, std::shared_ptr<const ClassIndex> index) {
    beginResetModel();
    m_part = part;
    m_images = std::move(images);
    m_index = std::move(index);
    m_class.reset();
    m_pictures.clear();
    m_wanted.clear();
    m_names.clear();
    if (m_images) {
        for (const std::string& name : m_images->classNames()) m_names << QString::fromStdString(name);
    }
    endResetModel();
}

void DataImages::setClass(std::optional<int> label) {
    if (label == m_class) return;
    beginResetModel();
    m_class = label;
    m_wanted.clear();
    endResetModel();
}

QString DataImages::className(int label) const {
    return m_names.value(label, QString::number(label));
}

int DataImages::rowCount(const QModelIndex& parent) const {
    if (parent.isValid() || !m_images) return 0;
    return static_cast<int>(m_class ? m_index->count(*m_class) : m_index->size());
}

std::int64_t DataImages::imageAt(int row) const {
    return m_class ? m_index->of(*m_class)[static_cast<std::size_t>(row)] : row;
}

QString DataImages::words(std::int64_t image) const {
    return tr("%1: class %2\nClick to follow it through the network, until the document is closed.").arg(titleOf(m_part, image), className(m_images->label(image)));
}

QVariant DataImages::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const std::int64_t image = imageAt(index.row());
    switch (role) {
    case Qt::DecorationRole:
        if (const QImage* known = m_pictures.object(image)) return *known;
        m_wanted.push_back(image);
        m_soon.start();
        return QImage();
    case Qt::DisplayRole: return className(m_images->label(image));
    case TestImages::IndexRole: return static_cast<qlonglong>(image);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: return words(image);
    default: return {};
    }
}

/// Who scrolls fast asks for many and looks at the last: those come first, and the others are asked for again when they are
/// seen.
void DataImages::makePictures() {
    if (m_making || m_wanted.empty() || !m_images) return;
    std::vector<std::int64_t> wanted = std::exchange(m_wanted, {});
    if (wanted.size() > kAtOnce) wanted.erase(wanted.begin(), wanted.end() - kAtOnce);
    m_making = true;
    const auto work = [images = m_images, wanted = std::move(wanted)] {
        Pictures made;
        for (const std::int64_t image : wanted) made.emplace_back(image, pictureOf(*images, image));
        return made;
    };
    inBackground(m_pool, this, work, [this, of = m_images](const Pictures& made) {
        m_making = false;
        if (of == m_images) {
            for (const auto& [image, picture] : made) m_pictures.insert(image, new QImage(picture));
            Q_EMIT pictured();
        }
        makePictures();
    });
}

} // namespace strata::ui
