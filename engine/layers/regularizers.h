// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

#include <span>

namespace strata {

/// L1, L2, L1L2: what large weights add to the loss (https://keras.io/api/layers/regularizers/).
const SchemaFamily& regularizerFamily();
/// The addition to the loss: l1 * sum |w| + l2 * sum w^2. requires: `which` was checked against the family
double penalty(const TypedParams& which, std::span<const float> weights);
/// gradient += share * d penalty / d weights
void addPenaltyGradient(const TypedParams& which, std::span<const float> weights, std::span<float> gradient,
                        double share = 1);

/// MaxNorm, NonNeg, UnitNorm, MinMaxNorm: what is done to weights after each step
/// (https://keras.io/api/layers/constraints/).
const SchemaFamily& constraintFamily();

} // namespace strata
