// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"
#include "tests/keras_cases/keras_values.h"

namespace strata::keras_cases {

/// The case of a layer once more, as a network of an Input and this layer, the way that predict and train go: schema,
/// graph, analysis, network. Several inputs are cut out of the one Input. Empty when output, weights afterwards and
/// the gradients of weights and inputs are as expected.
std::string compareInNetwork(const LayerType& type, const ParamMap& params, const Json& oneCase);

} // namespace strata::keras_cases
