// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/interop/hdf5_tree.h"
#include "engine/training/run_state.h"

#include <optional>

namespace strata {

/// What a run remembers beside the weights that everybody reads: strata.run.h5.
struct RunMemory {
    std::optional<OptimizerState> optimizer;
    std::optional<RunState> state;
};

/// Keyed by card, as looseWeightsTree(). Exact: every number comes back with its bits.
H5Tree runTree(const OptimizerState* optimizer, const RunState* state);
/// Errors: run.damaged. Numbers that no run can have (a negative epoch) are damage, arrays that fit no card are
/// found when the run is resumed.
Result<RunMemory> runFromTree(const H5Tree& tree);

} // namespace strata
