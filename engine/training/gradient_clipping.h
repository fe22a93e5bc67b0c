// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/optimizer.h"

namespace strata {

/// Clips gradients as the optimiser's parameters say, in place: clipnorm each array by its own norm,
/// global_clipnorm all by their common norm, clipvalue each value. With several given the first of these
/// counts, as in Keras. `gradients`: one span a weight array. Norms are summed in double in the order given.
void clipGradients(const OptimizerCommon& common, std::span<const std::span<float>> gradients);
/// False when clipGradients() would do nothing.
bool clips(const OptimizerCommon& common);

} // namespace strata
