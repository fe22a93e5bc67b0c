// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/window.h"

namespace strata {

/// Maximum or average pooling of (depth, height, width, channels), plainly written. A maximum needs one saved
/// float an output (the place it came from). requires: the windows fit
std::unique_ptr<Layer> makePooling3D(bool max, const SlidingWindow<3>& window,
                                     const std::array<AxisWindows, 3>& axes, const Shape& input);

} // namespace strata
