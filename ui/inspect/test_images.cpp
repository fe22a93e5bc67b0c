// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/test_images.h"

#include "ui/look/colormap.h"
#include "ui/look/icons.h"
#include "ui/look/text_scale.h"
#include "ui/look/theme.h"
#include "ui/training/run_text.h"

#include <QPainter>

#include <algorithm>
#include <numeric>

namespace strata::ui {
namespace {

constexpr int kTile = 48;
constexpr int kCellWidth = 64, kCaption = 21;

} // namespace

TestImages::TestImages(QObject* parent) : QAbstractListModel(parent), m_pictures(2000) {}

void TestImages::setData(std::shared_ptr<const Dataset> data, std::shared_ptr<const Evaluation> tested) {
    if (tested && (!data || static_cast<std::int64_t>(tested->predicted.size()) != data->size())) tested = nullptr;
    if (m_data != data) m_pictures.clear();
    m_data = std::move(data);
    m_tested = std::move(tested);
    m_names.clear();
    if (m_data) {
        for (const std::string& name : m_data->classNames()) m_names << QString::fromStdString(name);
    }
    refill();
}

void TestImages::setMistakesOnly(bool on) {
    m_mistakesOnly = on;
    refill();
}

void TestImages::setOrder(Order order) {
    m_order = order;
    refill();
}

void TestImages::setCell(std::optional<std::pair<int, int>> cell) {
    if (cell == m_cell) return;
    m_cell = cell;
    refill();
}

bool TestImages::isWanted(std::int64_t index) const {
    if (!m_tested) return true;
    if (m_cell) return m_data->label(index) == m_cell->first && m_tested->predicted[static_cast<std::size_t>(index)] == m_cell->second;
    return !m_mistakesOnly || isWrong(index);
}

bool TestImages::isWrong(std::int64_t index) const {
    return m_tested && m_tested->predicted[static_cast<std::size_t>(index)] != m_data->label(index);
}

void TestImages::refill() {
    beginResetModel();
    m_rows.resize(m_data ? static_cast<std::size_t>(m_data->size()) : 0);
    std::iota(m_rows.begin(), m_rows.end(), 0);
    std::erase_if(m_rows, [this](std::int64_t index) { return !isWanted(index); });
    if (m_tested && m_order != Order::AsTheyCome) {
        const auto sure = [this](std::int64_t index) { return m_tested->confidence[static_cast<std::size_t>(index)]; };
        std::ranges::stable_sort(m_rows, [&](std::int64_t a, std::int64_t b) { return m_order == Order::LeastSure ? sure(a) < sure(b) : sure(a) > sure(b); });
    }
    endResetModel();
}

int TestImages::rowOf(std::int64_t index) const {
    const auto it = std::ranges::find(m_rows, index);
    return it == m_rows.end() ? -1 : static_cast<int>(it - m_rows.begin());
}

int TestImages::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QString TestImages::className(int label) const {
    return label >= 0 && label < m_names.size() ? m_names[label] : QString::number(label);
}

QImage TestImages::picture(std::int64_t index) const {
    if (const QImage* known = m_pictures.object(index)) return *known;
    const Shape shape = m_data->sampleShape();
    if (shape.rank() != 3) return {};
    std::vector<float> values(static_cast<std::size_t>(shape.count()));
    m_data->read(index, values);
    const QImage made = pictureImage(values, static_cast<int>(shape[0]), static_cast<int>(shape[1]), static_cast<int>(shape[2]), 0, 255);
    m_pictures.insert(index, new QImage(made));
    return made;
}

QVariant TestImages::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= static_cast<int>(m_rows.size())) return {};
    const std::int64_t image = m_rows[static_cast<std::size_t>(index.row())];
    const auto at = static_cast<std::size_t>(image);
    switch (role) {
    case Qt::DecorationRole: return picture(image);
    case IndexRole: return static_cast<qlonglong>(image);
    case TrueRole: return className(m_data->label(image));
    case PredictedRole: return m_tested ? className(m_tested->predicted[at]) : QString();
    case ConfidenceRole: return m_tested ? QVariant(static_cast<double>(m_tested->confidence[at])) : QVariant();
    case WrongRole: return isWrong(image);
    case Qt::DisplayRole: return isWrong(image) ? tr("%1, not %2").arg(className(m_tested->predicted[at]), className(m_data->label(image))) : className(m_data->label(image));
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        if (!m_tested) return tr("Test image %1: class %2").arg(image).arg(className(m_data->label(image)));
        return tr("Test image %1: class %2, answered %3 with %4\nClick to follow it through the network, until the document is closed.")
            .arg(image)
            .arg(className(m_data->label(image)), className(m_tested->predicted[at]), percentText(static_cast<double>(m_tested->confidence[at])));
    default: return {};
    }
}

QSize TestImageDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
    return {wordLength(kCellWidth), kTile + 3 + wordLength(kCaption)};
}

void TestImageDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const Theme& theme = currentTheme();
    const bool wrong = index.data(TestImages::WrongRole).toBool();
    const bool pinned = index.data(TestImages::IndexRole).toLongLong() == m_pinned;
    const QRectF cell(option.rect);
    const QRectF tile(cell.center().x() - kTile / 2.0, cell.top() + 3, kTile, kTile);
    const auto picture = index.data(Qt::DecorationRole).value<QImage>();
    QRectF place(QPointF(), QSizeF(picture.size()).scaled(tile.size(), Qt::KeepAspectRatio));
    place.moveCenter(tile.center());
    painter->save();
    if (option.state.testFlag(QStyle::State_MouseOver)) painter->fillRect(option.rect, theme.surface.hover);
    if (!picture.isNull()) painter->drawImage(place, picture);
    else painter->fillRect(tile, theme.surface.hover); // it is being made
    if (pinned || wrong) {
        painter->setPen(QPen(pinned ? theme.accent.base : theme.status.error, 2));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(tile.adjusted(-1, -1, 1, 1));
    }
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(QPen(theme.selection.focus, 1, Qt::DotLine));
        painter->drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5));
    }
    const QFont font = theme.font(TextRole::Caption, wrong ? QFont::DemiBold : QFont::Normal);
    painter->setFont(font);
    painter->setPen(wrong ? theme.text.primary : theme.text.secondary);
    const QRectF words(cell.left() + 1, tile.bottom() + 2, cell.width() - 2, cell.bottom() - tile.bottom() - 2);
    painter->drawText(words, Qt::AlignHCenter | Qt::AlignTop, QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideMiddle, static_cast<int>(words.width())));
    painter->restore();
}

} // namespace strata::ui
