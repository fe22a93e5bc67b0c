// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/class_counts.h"

#include "ui/document/number_text.h"
#include "ui/inspect/choose_again.h"
#include "ui/look/text_scale.h"
#include "ui/look/theme.h"

#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kSide = 6, kGap = 8;   ///< at both ends of a row; between name, bar and count
constexpr int kLongName = 96;        ///< a longer one is elided
constexpr int kBar = 9;              ///< height
constexpr double kLeastBar = 1.5;    ///< of a class that has images

/// Names and counts have a column each, so that the bars begin at one line and the counts end at one.
class BarDelegate : public QStyledItemDelegate {
public:
    explicit BarDelegate(const ClassCounts& counts, QObject* parent) : QStyledItemDelegate(parent), m_counts(counts) {}

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        return {wordLength(kLongName), QFontMetrics(currentTheme().font(TextRole::Caption)).height() + 3};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = currentTheme();
        const bool chosen = option.state.testFlag(QStyle::State_Selected);
        painter->save();
        if (chosen) painter->fillRect(option.rect, theme.selection.fill);
        else if (option.state.testFlag(QStyle::State_MouseOver)) painter->fillRect(option.rect, theme.surface.hover);
        const QFont font = theme.font(TextRole::Caption, chosen ? QFont::DemiBold : QFont::Normal);
        const QFontMetrics metrics(theme.font(TextRole::Caption, QFont::DemiBold));
        painter->setFont(font);
        const QRectF row = QRectF(option.rect).adjusted(kSide, 0, -kSide, 0);
        const double names = nameColumn(metrics), counts = countColumn(metrics);
        painter->setPen(theme.text.primary);
        painter->drawText(QRectF(row.left(), row.top(), names, row.height()), Qt::AlignLeft | Qt::AlignVCenter,
                          QFontMetrics(font).elidedText(index.data().toString(), Qt::ElideMiddle, static_cast<int>(names)));
        painter->setPen(theme.text.secondary);
        painter->drawText(QRectF(row.right() - counts, row.top(), counts, row.height()), Qt::AlignRight | Qt::AlignVCenter,
                          countText(index.data(ClassCounts::CountRole).toLongLong()));
        paintBar(*painter, QRectF(row.left() + names + kGap, row.top(), row.width() - names - counts - 2 * kGap, row.height()),
                 index.data(ClassCounts::ShareRole).toDouble(), chosen ? theme.accent.base : theme.line.lineStrong);
        if (option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(QPen(theme.selection.focus, 1, Qt::DotLine));
            painter->drawRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5));
        }
        painter->restore();
    }

private:
    double nameColumn(const QFontMetrics& metrics) const {
        int widest = 0;
        for (int label = 0; label < std::min(m_counts.rowCount(), kMeasured); ++label) widest = std::max(widest, metrics.horizontalAdvance(m_counts.className(label)));
        return m_counts.rowCount() > kMeasured ? wordLength(kLongName) : std::min(widest, wordLength(kLongName));
    }
    double countColumn(const QFontMetrics& metrics) const { return metrics.horizontalAdvance(countText(m_counts.count(m_counts.largest()))); }

    static void paintBar(QPainter& painter, const QRectF& room, double share, const QColor& colour) {
        if (share <= 0 || room.width() <= 0) return;
        painter.fillRect(QRectF(room.left(), room.center().y() - kBar / 2.0, std::max(kLeastBar, room.width() * share), kBar), colour);
    }

    static constexpr int kMeasured = 30; ///< classes; more than that are not measured for every row
    const ClassCounts& m_counts;
};

} // namespace

void ClassCounts::show(std::shared_ptr<const ClassIndex> index, const QStringList& names) {
    beginResetModel();
    m_index = std::move(index);
    m_names = names;
    m_smallest = m_largest = -1;
    for (int label = 0; m_index && label < m_index->classes(); ++label) {
        if (m_smallest < 0 || m_index->count(label) < m_index->count(m_smallest)) m_smallest = label;
        if (m_largest < 0 || m_index->count(label) > m_index->count(m_largest)) m_largest = label;
    }
    endResetModel();
}

int ClassCounts::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_index ? 0 : m_index->classes();
}

QVariant ClassCounts::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const std::int64_t images = count(index.row());
    switch (role) {
    case Qt::DisplayRole: return className(index.row());
    case CountRole: return static_cast<qlonglong>(images);
    case ShareRole: return count(m_largest) == 0 ? 0.0 : static_cast<double>(images) / static_cast<double>(count(m_largest));
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: return tr("%1 images of class %2", nullptr, pluralOf(images)).arg(countText(images), className(index.row()));
    default: return {};
    }
}

ClassCountsView::ClassCountsView(ClassCounts& model, QWidget* parent) : QListView(parent) {
    setObjectName(QStringLiteral("classCounts"));
    setAccessibleName(tr("Images of each class"));
    setAccessibleDescription(tr("Choosing a class shows its images; Esc shows all again."));
    setModel(&model);
    setItemDelegate(new BarDelegate(model, this));
    setUniformItemSizes(true);
    setSelectionMode(SingleSelection);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    new ChooseAgain(*this);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &ClassCountsView::chosenChanged);
}

std::optional<int> ClassCountsView::chosen() const {
    const QModelIndexList rows = selectionModel()->selectedIndexes();
    return rows.isEmpty() ? std::nullopt : std::optional(rows.front().row());
}

QSize ClassCountsView::minimumSizeHint() const {
    return {wordLength(kLongName), 2 * QFontMetrics(currentTheme().font(TextRole::Caption)).height()};
}

} // namespace strata::ui
