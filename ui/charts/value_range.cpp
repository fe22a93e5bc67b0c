// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/value_range.h"

#include <algorithm>
#include <vector>

namespace strata::ui {
namespace {

constexpr std::size_t kFewest = 5;     // points in the middle of which a median stands
constexpr std::size_t kWindowShare = 20; // of a long curve, a twentieth is a spike at most

/// The median of the values at most `reach` away from i.
double medianAbout(const std::vector<double>& values, std::size_t i, std::size_t reach) {
    const std::size_t from = i > reach ? i - reach : 0, to = std::min(i + reach + 1, values.size());
    std::vector<double> near(values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(to));
    const auto middle = near.begin() + static_cast<std::ptrdiff_t>(near.size() / 2);
    std::nth_element(near.begin(), middle, near.end());
    return *middle;
}

} // namespace

void ValueRange::cover(double value) {
    least = std::min(least, value);
    largest = std::max(largest, value);
    if (value > 0) leastPositive = std::min(leastPositive, value);
}

ValueRange ValueRange::doubled() const {
    ValueRange wide = *this;
    if (isEmpty()) return wide;
    wide.least -= largest - least;
    wide.largest += largest - least;
    return wide;
}

ValueRange rangeOf(const QList<QPointF>& points, double x) {
    ValueRange range;
    for (const QPointF& point : points)
        if (point.x() >= x) range.cover(point.y());
    return range;
}

ValueRange lastingRange(const QList<QPointF>& points, double x) {
    std::vector<double> values;
    for (const QPointF& point : points)
        if (point.x() >= x) values.push_back(point.y());
    if (values.size() < kFewest) return rangeOf(points, x);
    const std::size_t reach = std::max(kFewest, values.size() / kWindowShare) / 2;
    ValueRange range;
    for (std::size_t i = 0; i < values.size(); ++i) range.cover(medianAbout(values, i, reach));
    return range;
}

} // namespace strata::ui
