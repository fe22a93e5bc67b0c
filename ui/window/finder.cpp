// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/finder.h"

#include "ui/look/icons.h"
#include "ui/look/theme.h"
#include "ui/look/widgets.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kWidth = 600, kRow = 34, kRows = 11, kTop = 56;
enum Role { TitleRole = Qt::UserRole + 1, DetailRole, RightRole, IconRole, EnabledRole };

/// Icon, title, where it is, and in the right column its value or its keys.
class FindingDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {100, kRow}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Theme& theme = currentTheme();
        const QRect row = option.rect;
        painter->save();
        if (option.state & QStyle::State_Selected) painter->fillRect(row, theme.selection.fill);
        else if (option.state & QStyle::State_MouseOver) painter->fillRect(row, theme.surface.hover);
        const bool enabled = index.data(EnabledRole).toBool();
        const QColor strong = enabled ? theme.text.primary : theme.text.disabled;
        const QColor soft = enabled ? theme.text.secondary : theme.text.disabled;
        const QIcon sign = index.data(IconRole).value<QIcon>();
        if (!sign.isNull()) {
            const QRect place(row.left() + 15, row.center().y() - 8, 18, 18);
            sign.paint(painter, place, Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
        }
        const QFont small = theme.font(TextRole::Small);
        const int left = row.left() + 46;
        int right = row.right() - 14;
        painter->setFont(small);
        painter->setPen(soft);
        const QString value = QFontMetrics(small).elidedText(index.data(RightRole).toString(), Qt::ElideMiddle, row.width() / 3);
        painter->drawText(QRect(left, row.top(), right - left, kRow), Qt::AlignRight | Qt::AlignVCenter, value);
        if (!value.isEmpty()) right -= QFontMetrics(small).horizontalAdvance(value) + 14;

        const QFont body = theme.font(TextRole::Body, QFont::Medium);
        const QString title = QFontMetrics(body).elidedText(index.data(TitleRole).toString(), Qt::ElideRight, right - left);
        painter->setFont(body);
        painter->setPen(strong);
        painter->drawText(QRect(left, row.top(), right - left, kRow), Qt::AlignLeft | Qt::AlignVCenter, title);
        const int x = left + QFontMetrics(body).horizontalAdvance(title) + 10;
        if (x + 20 < right) {
            painter->setFont(small);
            painter->setPen(soft);
            painter->drawText(QRect(x, row.top(), right - x, kRow), Qt::AlignLeft | Qt::AlignVCenter,
                              QFontMetrics(small).elidedText(index.data(DetailRole).toString(), Qt::ElideMiddle, right - x));
        }
        painter->restore();
    }
};

} // namespace

Finder::Finder(QWidget* window) : QFrame(window) {
    setProperty("frame", "popover");
    setAttribute(Qt::WA_StyledBackground);
    setObjectName(QStringLiteral("finder"));
    setAccessibleName(tr("Search"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);

    auto* top = new QHBoxLayout;
    top->setContentsMargins(14, 8, 14, 8);
    top->setSpacing(8);
    auto* lens = new IconLabel(18, QStringLiteral("search"), IconTone::Secondary);
    m_field = new QLineEdit;
    m_field->setObjectName(QStringLiteral("finderField"));
    m_field->setAccessibleName(tr("Search"));
    m_field->setToolTip(tr("Words in any order; each must be in the name or in what stands beside it"));
    m_field->setStyleSheet(QStringLiteral("QLineEdit, QLineEdit:focus { border: none; background: transparent; padding: 0; }"));
    top->addWidget(lens);
    top->addWidget(m_field, 1);
    top->addWidget(new KeyCap(tr("Esc")));
    column->addLayout(top);
    column->addWidget(horizontalLine());

    auto* head = new QHBoxLayout;
    head->setContentsMargins(14, 5, 14, 5);
    m_heading = secondaryLabel({});
    setTextRole(m_heading, TextRole::Small, QFont::DemiBold);
    m_count = secondaryLabel({});
    head->addWidget(m_heading, 1);
    head->addWidget(m_count);
    column->addLayout(head);

    m_model = new QStandardItemModel(this);
    m_list = new QListView;
    m_list->setObjectName(QStringLiteral("finderResults"));
    m_list->setAccessibleName(tr("What was found"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new FindingDelegate(m_list));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(m_list);
    column->addWidget(horizontalLine());

    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(14, 5, 12, 5);
    foot->setSpacing(6);
    foot->addWidget(new KeyCap(tr("Enter")));
    m_enter = secondaryLabel({});
    foot->addWidget(m_enter);
    foot->addSpacing(14);
    foot->addWidget(new KeyCap(tr("Up")));
    foot->addWidget(new KeyCap(tr("Down")));
    foot->addWidget(secondaryLabel(tr("choose")));
    foot->addStretch(1);
    column->addLayout(foot);

    connect(m_field, &QLineEdit::textChanged, this, &Finder::refresh);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) { accept(index.row()); });
    m_field->installEventFilter(this);
    hide();
}

void Finder::open(const QString& heading, const QString& placeholder, const QString& enterDoes,
                  const std::function<std::vector<Finding>()>& collect) {
    if (!isVisible()) m_before = QApplication::focusWidget();
    m_all = collect();
    m_heading->setText(heading);
    m_enter->setText(enterDoes);
    m_field->setPlaceholderText(placeholder);
    m_field->setAccessibleName(placeholder);
    m_field->clear();
    const QSize room = parentWidget()->size();
    setFixedWidth(std::min(kWidth, room.width() - 32));
    refresh();
    move((room.width() - width()) / 2, kTop);
    show();
    raise();
    m_field->setFocus(Qt::PopupFocusReason);
}

void Finder::refresh() {
    m_offered = rank(m_all, m_field->text());
    m_model->clear();
    for (const Finding& each : m_offered) {
        auto* item = new QStandardItem(each.title);
        item->setData(each.title, TitleRole);
        item->setData(each.detail, DetailRole);
        item->setData(each.right, RightRole);
        item->setData(each.icon, IconRole);
        item->setData(each.enabled, EnabledRole);
        item->setData(QStringList{each.title, each.detail, each.right}.join(QStringLiteral(", ")), Qt::AccessibleTextRole);
        m_model->appendRow(item);
    }
    if (!m_offered.empty()) m_list->setCurrentIndex(m_model->index(0, 0));
    const int rows = std::clamp(static_cast<int>(m_offered.size()), 1, kRows);
    const int most = std::max(kRow, parentWidget()->height() - kTop - 140);
    m_list->setFixedHeight(std::min(rows * kRow, most));
    m_count->setText(m_offered.empty() ? tr("nothing found") : QString());
    adjustSize();
}

void Finder::accept(int row) {
    if (row < 0 || row >= static_cast<int>(m_offered.size())) return;
    const Finding finding = m_offered[static_cast<std::size_t>(row)];
    if (!finding.enabled) return;
    hide();
    Q_EMIT chosen(finding);
}

void Finder::step(int by) {
    const int count = m_model->rowCount();
    if (count == 0) return;
    m_list->setCurrentIndex(m_model->index((m_list->currentIndex().row() + by + count) % count, 0));
}

bool Finder::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusOut && isVisible()) {
        const auto* focus = static_cast<QFocusEvent*>(event);
        if (focus->reason() != Qt::PopupFocusReason && focus->reason() != Qt::ActiveWindowFocusReason) hide();
    }
    if (event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Escape: hide(); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter: accept(m_list->currentIndex().row()); return true;
        case Qt::Key_Up: step(-1); return true;
        case Qt::Key_Down: step(1); return true;
        case Qt::Key_PageUp: step(-std::min(kRows, m_list->currentIndex().row())); return true;
        case Qt::Key_PageDown: step(std::min(kRows, m_model->rowCount() - 1 - m_list->currentIndex().row())); return true;
        default: break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void Finder::hideEvent(QHideEvent* event) {
    QFrame::hideEvent(event);
    // The keys go on where they went before.
    if (m_field->hasFocus() && m_before != nullptr) m_before->setFocus(Qt::OtherFocusReason);
}

} // namespace strata::ui
