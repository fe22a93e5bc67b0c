// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/chunked_layer.h"
#include "engine/math/activation.h"

namespace strata {

/// The plan of a layer that is an activation and nothing else.
LayerPlan activationPlan(const math::ActivationFunction& function, const Shape& input);

class ActivationLayer final : public ChunkedLayer {
public:
    ActivationLayer(const math::ActivationFunction& function, const Shape& input);
    void forwardChunk(const Pass& pass, std::int64_t chunk, int worker) override;
    void backwardChunk(const Pass& pass, std::int64_t chunk, int worker) override;

private:
    math::ActivationFunction m_function;
    std::int64_t m_rows;     ///< a sample's vectors along the last axis
    std::int64_t m_channels; ///< the last axis
};

} // namespace strata
