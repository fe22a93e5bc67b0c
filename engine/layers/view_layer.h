// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

/// The plan of a layer whose output is its input's bytes under another shape.
LayerPlan viewPlan(const Shape& output);

/// Its running part: nothing to do where the network lets output and input share their memory, a copy
/// otherwise.
class ViewLayer final : public Layer {
public:
    void forward(const Pass& pass) override;
    void backward(const Pass& pass) override;
};

} // namespace strata
