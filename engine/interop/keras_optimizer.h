// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/interop/hdf5_tree.h"
#include "engine/interop/keras_config.h"
#include "engine/training/run_state.h"

#include <optional>

namespace strata {

/// Adds the group `optimizer/vars` to model.weights.h5, as Keras's save_own_variables() writes it: iteration,
/// learning rate (unless `scheduled`: compile_config then has a schedule in its place), the slots in the order of the
/// trainable variables. Where `state` has no fitting array, as for
/// a network that nobody trained, the initial one is written, for `weights`: Keras wants all or none.
/// requires: `optimizer` was checked against the family
void addKerasOptimizer(H5Tree& root, const KerasPart& part, const GraphReport& report,
                       const TypedParams& optimizer, bool scheduled, const Weights& weights, const OptimizerState* state);

/// How many arrays as large as the trainable weights that group holds.
int optimizerArrays(const TypedParams& optimizer);

/// What the file says of the optimiser of its compile_config. None: nothing is stored, or it does not fit the
/// model; then `remarks` says so where something would have been to remember.
std::optional<OptimizerState> optimizerFromKeras(const H5Tree& file, const KerasModel& model,
                                                 const GraphReport& report, std::vector<std::string>& remarks);

} // namespace strata
