// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer_type_of.h"
#include "engine/layers/window.h"
#include "engine/math/pooling2d.h"

namespace strata {

/// The parameters that MaxPooling2D and AveragePooling2D share.
struct Pooling2DParams {
    std::array<std::int64_t, 2> poolSize{2, 2};
    std::optional<std::array<std::int64_t, 2>> strides; ///< none: as pool_size
    Padding padding = Padding::Valid;

    SlidingWindow<2> window() const { return {poolSize, strides.value_or(poolSize), {1, 1}, padding}; }
};

SchemaOf<Pooling2DParams> pooling2DSchema(Schema head);
/// Output shape, receptive field and cost; what is saved is the layer's own.
Result<LayerPlan> planPooling2D(const Pooling2DParams& p, std::span<const Shape> inputs);
/// requires: planPooling2D succeeded
math::PoolGeometry poolGeometry(const Pooling2DParams& p, const Shape& input);
std::string poolingSummary(const Pooling2DParams& p);
std::vector<LayerExample> pooling2DExamples();

} // namespace strata
