// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>

class QWidget;

namespace strata::ui {

/// Where something that opens over `host` may lie, in coordinates of its window: over the host as long as that is `enough`;
/// a narrower host is left to both sides, a lower one downwards, over the window's other parts.
QRect popoverRoom(const QWidget& host, QSize enough);

/// Makes the window of `host` the parent, so that it may lie beyond the host; it has no effect while it is so already.
void liftToWindow(QWidget& popover, const QWidget& host);

} // namespace strata::ui
