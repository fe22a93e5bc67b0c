// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

#include <algorithm>
#include <limits>

namespace strata::ui {

/// How far some cards and notes reach, by their places: nothing until the first.
struct Extent {
    double left = std::numeric_limits<double>::max(), right = std::numeric_limits<double>::lowest(), top = std::numeric_limits<double>::max();

    void reach(Point place) {
        left = std::min(left, place.x);
        right = std::max(right, place.x);
        top = std::min(top, place.y);
    }
    Point topCentre() const { return {left / 2 + right / 2, top}; }
};

} // namespace strata::ui
