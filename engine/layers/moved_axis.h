// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

/// Kernels want the channels last. A layer that is asked to work along another axis of its input (data_format
/// channels_first, a BatchNormalization with axis 1) gets that axis moved to the end, works there, and has it
/// moved back: its shapes, weights and results stay Keras's.

/// (d0, ..., d_axis, ..., dn) -> (d0, ..., dn, d_axis). requires: 0 <= axis < rank
Shape axisMovedLast(const Shape& shape, int axis);
/// The inverse; shapes with fewer than two axes stay as they are.
Shape axisMovedBack(const Shape& shape, int axis);

/// The plan for inputs as they are, from `inner`, the plan for the inputs with their axis moved.
LayerPlan movedAxisPlan(LayerPlan inner, std::span<const Shape> inputs, int axis);
/// requires: `inner` was made for the inputs with their axis moved, with the plan `innerPlan`
std::unique_ptr<Layer> movedAxisLayer(std::unique_ptr<Layer> inner, const LayerPlan& innerPlan,
                                      std::span<const Shape> inputs, int axis);

/// For layers that work along several axes of a sample: these are moved to the end one after the other, in their
/// order, the layer works there, and all are moved back.
struct LastAxes {
    std::function<Result<LayerPlan>(const Shape&)> plan; ///< of the layer for such an input
    std::function<std::unique_ptr<Layer>(const Shape&)> create;
};
/// requires: axes are ascending
Result<LayerPlan> axesLastPlan(const Shape& input, std::span<const int> axes, const LastAxes& inner);
std::unique_ptr<Layer> axesLastLayer(const Shape& input, std::span<const int> axes, const LastAxes& inner);

/// Gives a layer that works on channels_last the parameter data_format; it stands behind the parameter
/// `after`.
LayerType withDataFormat(LayerType type, std::string_view after);

/// The axis within a sample for Keras's axis, which counts the batch as 0. The error names the possible ones.
Result<int> sampleAxis(std::int64_t axis, int rank);
/// The same for several ones, ascending. The error also refuses an axis that is named twice, and none at all.
Result<std::vector<int>> sampleAxes(std::span<const std::int64_t> axes, int rank);

} // namespace strata
