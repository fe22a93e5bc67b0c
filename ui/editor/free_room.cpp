// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/free_room.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace strata::ui {
namespace {

/// Steps to each side that are looked at. Whatever the drawing, the place beyond its last row is free.
constexpr int kReach = 40;
constexpr double kDown = 6;

} // namespace

QPointF freeShift(const QRectF& what, const std::vector<QRectF>& taken, const QRectF& seen, QSizeF step, double gap) {
    QRectF all = what;
    for (const QRectF& rect : taken) all |= rect;
    QPointF best(0, all.bottom() + gap - what.top());
    double least = std::numeric_limits<double>::max();
    const auto isFree = [&](const QRectF& place) {
        const QRectF around = place.adjusted(-gap, -gap, gap, gap);
        return std::ranges::none_of(taken, [&](const QRectF& rect) { return rect.intersects(around); });
    };
    for (int row = -kReach; row <= kReach; ++row) {
        for (int column = -kReach; column <= kReach; ++column) {
            const QPointF shift(column * step.width(), row * step.height());
            const QRectF place = what.translated(shift);
            // Out of sight is far away; a copy is looked for at the right, and straight below it would seem to follow.
            double cost = std::abs(shift.x()) * (column < 0 ? 1.2 : 1.0) + kDown * std::abs(shift.y()) * (row < 0 ? 1.1 : 1.0);
            if (!seen.contains(place)) cost += 1e6;
            if (cost < least && isFree(place)) {
                least = cost;
                best = shift;
            }
        }
    }
    return best;
}

} // namespace strata::ui
