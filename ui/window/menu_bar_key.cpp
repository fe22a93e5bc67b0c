// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/menu_bar_key.h"

#include <QApplication>
#include <QKeyEvent>
#include <QTimer>

namespace strata::ui {

MenuBarKey::MenuBarKey(QMenuBar& bar) : QObject(&bar), m_bar(bar) {
    m_bar.hide();
    qApp->installEventFilter(this);
    connect(&m_bar, &QMenuBar::triggered, this, &MenuBarKey::hide);
}

bool MenuBarKey::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
    case QEvent::FocusOut:
        // An open menu is the bar's own; and the bar is in the middle of its work.
        if (watched == &m_bar && static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason)
            QTimer::singleShot(0, this, &MenuBarKey::hide);
        break;
    case QEvent::KeyPress: {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (watched == &m_bar && key->key() == Qt::Key_Escape) {
            hide();
            return true;
        }
        m_alone = key->key() == Qt::Key_Alt && (key->modifiers() & ~Qt::AltModifier) == 0 && m_bar.isHidden() && m_bar.window()->isActiveWindow();
        break;
    }
    case QEvent::KeyRelease:
        if (!m_alone || static_cast<QKeyEvent*>(event)->key() != Qt::Key_Alt) break;
        m_alone = false;
        show();
        return true;
    case QEvent::MouseButtonPress:
    case QEvent::Wheel:
    case QEvent::WindowDeactivate:
    case QEvent::Shortcut: m_alone = false; break;
    default: break;
    }
    return false;
}

void MenuBarKey::show() {
    m_before = QApplication::focusWidget();
    m_bar.show();
    m_bar.setFocus(Qt::MenuBarFocusReason);
    for (QAction* menu : m_bar.actions()) {
        if (!menu->isVisible()) continue;
        m_bar.setActiveAction(menu); // open: arrows and letters go on from there
        break;
    }
}

void MenuBarKey::hide() {
    if (m_bar.isHidden()) return;
    if (m_bar.hasFocus() && m_before != nullptr) m_before->setFocus(Qt::MenuBarFocusReason);
    m_bar.hide();
}

} // namespace strata::ui
