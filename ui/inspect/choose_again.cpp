// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/choose_again.h"

#include <QAbstractItemView>
#include <QKeyEvent>
#include <QMouseEvent>

namespace strata::ui {

ChooseAgain::ChooseAgain(QAbstractItemView& view) : QObject(&view), m_view(view), m_viewport(view.viewport()) {
    view.installEventFilter(this);
    m_viewport->installEventFilter(this);
}

bool ChooseAgain::eventFilter(QObject* watched, QEvent* event) {
    bool again = false;
    if (watched == &m_view && event->type() == QEvent::KeyPress) {
        again = static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape && m_view.selectionModel()->hasSelection();
    } else if (watched == m_viewport && event->type() == QEvent::MouseButtonPress) {
        const auto* press = static_cast<QMouseEvent*>(event);
        again = press->button() == Qt::LeftButton && m_view.selectionModel()->isSelected(m_view.indexAt(press->position().toPoint()));
    }
    if (again) m_view.clearSelection();
    return again;
}

} // namespace strata::ui
