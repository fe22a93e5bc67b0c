// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/window.h"

#include <array>
#include <vector>

namespace strata {

/// Cells [first, end) of an axis: what one window sees of it.
struct CellRange {
    std::int64_t first = 0, end = 0;
};
/// The windows along depth, height and width.
using PoolWindows = std::array<std::vector<CellRange>, 3>;

/// The real cells of windows of one size. requires: the windows fit
PoolWindows slidingWindows(const SlidingWindow<3>& window, const std::array<AxisWindows, 3>& axes,
                           const Shape& input);

/// Maximum or average pooling of (depth, height, width, channels), plainly written. A maximum needs one saved
/// float an output (the place it came from).
std::unique_ptr<Layer> makePooling3D(bool max, PoolWindows windows, const Shape& input);

} // namespace strata
