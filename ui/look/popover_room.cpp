// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/popover_room.h"

#include <QWidget>

namespace strata::ui {

QRect popoverRoom(const QWidget& host, QSize enough) {
    const QWidget& window = *host.window();
    QRect room(host.mapTo(&window, QPoint()), host.size());
    if (room.width() < enough.width()) {
        room.setLeft(0);
        room.setRight(window.width() - 1);
    }
    if (room.height() < enough.height()) room.setBottom(window.height() - 1);
    return room;
}

void liftToWindow(QWidget& popover, const QWidget& host) {
    if (popover.parentWidget() != host.window()) popover.setParent(host.window());
}

} // namespace strata::ui
