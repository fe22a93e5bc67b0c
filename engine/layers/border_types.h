// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

/// How many cells come before and after along each spatial axis: (2 * axes), as Keras flattens ((top, bottom), (left, right)).
using Border = std::span<const std::int64_t>;

/// The plan of a layer that cuts the border off. The error names the axis of which nothing would be left.
Result<LayerPlan> croppingPlan(const Shape& input, Border cut);
/// requires: croppingPlan() succeeded, and the input's sizes are known
std::unique_ptr<Layer> makeCropping(const Shape& input, Border cut);

/// The plan of a layer that puts zeros around its input.
Result<LayerPlan> zeroPaddingPlan(const Shape& input, Border zeros);
/// requires: zeroPaddingPlan() succeeded, and the input's sizes are known
std::unique_ptr<Layer> makeZeroPadding(const Shape& input, Border zeros);

} // namespace strata
