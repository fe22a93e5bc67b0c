// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/confusion_view.h"

#include "ui/document/number_text.h"
#include "ui/inspect/choose_again.h"
#include "ui/inspect/confusion_model.h"
#include "ui/look/text_scale.h"
#include "ui/look/theme.h"
#include "ui/training/run_text.h"

#include <QEvent>
#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr int kPadding = 5;     ///< left and right of a cell's count
constexpr int kAround = 1;      ///< above and below two lines
constexpr int kLongName = 84;   ///< a class's name at the left; a longer one is elided
constexpr int kWidestCell = 64; ///< beyond that, room is better used by pictures
constexpr double kFaint = 0.10, kFull = 0.42; ///< how much of its colour the ground of a cell has; words stay readable on it

QColor mixed(const QColor& ground, const QColor& colour, double part) {
    const auto between = [part](int a, int b) { return qRound(a + (b - a) * part); };
    return {between(ground.red(), colour.red()), between(ground.green(), colour.green()), between(ground.blue(), colour.blue())};
}

/// Right answers in the accent, mistakes in the colour of mistakes. The root lets small shares be seen.
QColor groundOf(const QModelIndex& index, const Theme& theme) {
    const double share = index.data(ConfusionModel::ShareRole).toDouble();
    if (share <= 0) return theme.surface.panel;
    const QColor& colour = index.data(ConfusionModel::RightRole).toBool() ? theme.accent.base : theme.status.error;
    return mixed(theme.surface.panel, colour, kFaint + (kFull - kFaint) * std::sqrt(share));
}

class CellDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = currentTheme();
        const QRectF cell(option.rect);
        painter->save();
        painter->fillRect(option.rect, groundOf(index, theme));
        paintWords(*painter, cell, index, theme);
        const bool chosen = option.state.testFlag(QStyle::State_Selected);
        if (chosen || option.state.testFlag(QStyle::State_HasFocus)) {
            painter->setPen(QPen(theme.selection.focus, chosen ? 2 : 1, chosen ? Qt::SolidLine : Qt::DotLine));
            painter->drawRect(cell.adjusted(1, 1, -1, -1));
        } else if (option.state.testFlag(QStyle::State_MouseOver)) {
            painter->setPen(theme.line.lineStrong);
            painter->drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5));
        }
        painter->restore();
    }

private:
    /// The count, and below it its share of the row where there is room.
    static void paintWords(QPainter& painter, const QRectF& cell, const QModelIndex& index, const Theme& theme) {
        const QString count = index.data().toString();
        if (count.isEmpty()) return;
        const QFont strong = theme.font(TextRole::Caption, QFont::DemiBold), plain = theme.font(TextRole::Caption);
        const QString share = percentText(index.data(ConfusionModel::ShareRole).toDouble());
        const int line = QFontMetrics(strong).height();
        painter.setPen(theme.text.primary);
        const bool both = cell.height() >= 2 * line + 2 * kAround && cell.width() >= QFontMetrics(plain).horizontalAdvance(share) + 4;
        painter.setFont(strong);
        if (!both) {
            painter.drawText(cell, Qt::AlignCenter, count);
            return;
        }
        const QRectF upper(cell.left(), cell.center().y() - line, cell.width(), line);
        painter.drawText(upper, Qt::AlignCenter, count);
        painter.setFont(plain);
        painter.drawText(upper.translated(0, line), Qt::AlignCenter, share);
    }
};

int widestOf(const QFontMetrics& metrics, const ConfusionModel& model) {
    int widest = 0;
    for (int row = 0; row < model.rowCount(); ++row) widest = std::max(widest, metrics.horizontalAdvance(model.className(row)));
    return widest;
}

} // namespace

ConfusionView::ConfusionView(ConfusionModel& model, QWidget* parent) : QTableView(parent), m_model(model) {
    setObjectName(QStringLiteral("confusionMatrix"));
    setAccessibleName(tr("Confusion matrix"));
    setAccessibleDescription(tr("A row a true class, a column what the network answered. Choosing a cell shows its images."));
    setModel(&model);
    setItemDelegate(new CellDelegate(this));
    setSelectionMode(SingleSelection);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setMouseTracking(true);
    setShowGrid(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerPixel);
    for (QHeaderView* header : {horizontalHeader(), verticalHeader()}) {
        header->setSectionResizeMode(QHeaderView::Stretch);
        header->setTextElideMode(Qt::ElideMiddle);
        header->setHighlightSections(true);
    }
    verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    new ChooseAgain(*this);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &ConfusionView::chosenChanged);
    connect(&model, &QAbstractItemModel::modelReset, this, &ConfusionView::measure);
    measure();
}

std::optional<ConfusionView::Cell> ConfusionView::chosen() const {
    const QModelIndexList cells = selectionModel()->selectedIndexes();
    if (cells.isEmpty()) return {};
    return Cell(cells.front().row(), cells.front().column());
}

/// Each cell has room for the largest count.
void ConfusionView::measure() {
    const Theme& theme = currentTheme();
    const QFont font = theme.font(TextRole::Caption);
    const QFontMetrics names(font), counts(theme.font(TextRole::Caption, QFont::DemiBold));
    horizontalHeader()->setFont(font);
    verticalHeader()->setFont(font);
    horizontalHeader()->setMinimumSectionSize(counts.horizontalAdvance(countText(m_model.largest())) + 2 * kPadding);
    verticalHeader()->setMinimumSectionSize(counts.height());
    verticalHeader()->setFixedWidth(std::min(widestOf(names, m_model), wordLength(kLongName)) + 2 * kPadding);
    horizontalHeader()->setFixedHeight(names.height() + 2);
    setMaximumWidth(verticalHeader()->width() + m_model.columnCount() * wordLength(kWidestCell) + 2 * frameWidth());
    updateGeometry();
}

QSize ConfusionView::sizeHint() const {
    const int cells = m_model.columnCount() * horizontalHeader()->minimumSectionSize();
    const int rows = m_model.rowCount() * verticalHeader()->minimumSectionSize();
    return {verticalHeader()->width() + cells + 2 * frameWidth(), horizontalHeader()->height() + rows + 2 * frameWidth()};
}

QSize ConfusionView::minimumSizeHint() const {
    return {verticalHeader()->width() + 3 * horizontalHeader()->minimumSectionSize(), horizontalHeader()->height() + 2 * verticalHeader()->minimumSectionSize()};
}

void ConfusionView::changeEvent(QEvent* event) {
    QTableView::changeEvent(event);
    if (event->type() == QEvent::StyleChange || event->type() == QEvent::FontChange) measure();
}

} // namespace strata::ui
