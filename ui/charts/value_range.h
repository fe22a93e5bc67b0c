// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPointF>

#include <limits>

namespace strata::ui {

/// From the least to the largest of some values; the least above 0 apart, for a logarithmic axis.
struct ValueRange {
    double least = std::numeric_limits<double>::infinity();
    double largest = -std::numeric_limits<double>::infinity();
    double leastPositive = std::numeric_limits<double>::infinity();

    bool isEmpty() const { return largest < least; }
    void cover(double value);
    bool contains(double value) const { return value >= least && value <= largest; }
    /// Longer by its own length at both ends.
    ValueRange doubled() const;
};

/// All that a curve does from `x` on.
ValueRange rangeOf(const QList<QPointF>& points, double x);

/// What lasts of it: the range of its running median, which a spike of a few points does not move. Of fewer than
/// five points nobody knows what lasts: all of them do.
ValueRange lastingRange(const QList<QPointF>& points, double x);

} // namespace strata::ui
