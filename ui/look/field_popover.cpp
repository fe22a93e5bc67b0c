// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/field_popover.h"

#include "ui/look/widgets.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {

FieldPopover::FieldPopover(QWidget* parent, int rowHeight, int mostRows) : QFrame(parent), m_rowHeight(rowHeight), m_mostRows(mostRows) {
    setProperty("frame", "popover");
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    buildField();
    m_head = new QHBoxLayout;
    m_head->setContentsMargins(14, 5, 14, 5);
    m_heading = secondaryLabel({});
    setTextRole(m_heading, TextRole::Small, QFont::DemiBold);
    m_head->addWidget(m_heading, 1);
    column->addLayout(m_head);
    buildList();
    buildFoot();
    hide();
}

void FieldPopover::buildField() {
    auto* top = new QHBoxLayout;
    top->setContentsMargins(14, 8, 14, 8);
    top->setSpacing(8);
    auto* lens = new IconLabel(18, QStringLiteral("search"), IconTone::Secondary);
    m_field = new QLineEdit;
    m_field->setStyleSheet(QStringLiteral("QLineEdit, QLineEdit:focus { border: none; background: transparent; padding: 0; }"));
    top->addWidget(lens);
    top->addWidget(m_field, 1);
    top->addWidget(new KeyCap(tr("Esc")));
    auto* column = static_cast<QVBoxLayout*>(layout());
    column->addLayout(top);
    column->addWidget(horizontalLine());
    connect(m_field, &QLineEdit::textChanged, this, [this] { refresh(); });
    m_field->installEventFilter(this);
}

void FieldPopover::buildList() {
    m_model = new QStandardItemModel(this);
    m_list = new QListView;
    m_list->setModel(m_model);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    m_list->setUniformItemSizes(true);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) { accept(index.row()); });
    layout()->addWidget(m_list);
    layout()->addWidget(horizontalLine());
}

void FieldPopover::buildFoot() {
    m_foot = new QHBoxLayout;
    m_foot->setContentsMargins(14, 5, 12, 5);
    m_foot->setSpacing(6);
    m_enter = secondaryLabel({});
    m_foot->addWidget(new KeyCap(tr("Enter")));
    m_foot->addWidget(m_enter);
    m_foot->addSpacing(14);
    m_foot->addWidget(new KeyCap(tr("Up")));
    m_foot->addWidget(new KeyCap(tr("Down")));
    m_foot->addWidget(secondaryLabel(tr("choose")));
    m_foot->addStretch(1);
    static_cast<QVBoxLayout*>(layout())->addLayout(m_foot);
}

void FieldPopover::setDelegate(QStyledItemDelegate* delegate) {
    delegate->setParent(m_list);
    m_list->setItemDelegate(delegate);
}

void FieldPopover::fitRows(int most) {
    if (m_model->rowCount() > 0) m_list->setCurrentIndex(m_model->index(0, 0));
    m_list->setFixedHeight(std::min(m_rowHeight * std::clamp(m_model->rowCount(), 1, m_mostRows), std::max(m_rowHeight, most)));
}

void FieldPopover::step(int by, bool around) {
    const int count = m_model->rowCount();
    if (count == 0) return;
    const int row = m_list->currentIndex().row() + by;
    m_list->setCurrentIndex(m_model->index(around ? (row + count) % count : std::clamp(row, 0, count - 1), 0));
}

bool FieldPopover::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusOut && isVisible()) {
        const auto* focus = static_cast<QFocusEvent*>(event);
        if (focus->reason() != Qt::PopupFocusReason && focus->reason() != Qt::ActiveWindowFocusReason) hide();
    }
    if (event->type() == QEvent::KeyPress) {
        switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Escape: hide(); return true;
        case Qt::Key_Return:
        case Qt::Key_Enter: accept(m_list->currentIndex().row()); return true;
        case Qt::Key_Up: step(-1, true); return true;
        case Qt::Key_Down: step(1, true); return true;
        case Qt::Key_PageUp: step(-m_mostRows, false); return true;
        case Qt::Key_PageDown: step(m_mostRows, false); return true;
        default: break;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace strata::ui
