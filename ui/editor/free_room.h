// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

#include <vector>

namespace strata::ui {

/// How far `what` has to be moved to lie on nothing that is there, with `gap` around it: beside it first, then the nearest
/// place inside `seen`; if there is none in sight, the nearest anywhere. Steps of `step`, so that copies line up.
QPointF freeShift(const QRectF& what, const std::vector<QRectF>& taken, const QRectF& seen, QSizeF step, double gap);

} // namespace strata::ui
