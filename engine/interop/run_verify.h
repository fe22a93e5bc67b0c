// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/run_record.h"

#include "engine/data/dataset.h"
#include "engine/training/training_run.h"

namespace strata {

enum class Verdict {
    Same,            ///< the weights agree to the bit
    Different,       ///< computed in the same way, and they do not
    OtherArithmetic, ///< they do not, and another instruction set computed them: nothing can be said
    OtherData,       ///< the data is not what the run learned from; it was not repeated
};

struct Verification {
    Verdict verdict = Verdict::Same;
    std::uint64_t weightsHash = 0; ///< what came out now; 0: not repeated
    std::string text;              ///< one sentence for the person
};

/// Repeats a recorded run on the given data and compares the hash of the weights. A run that was stopped is
/// stopped at the same batch, and learning rates that a person set while it went on are set there. `watch` sees the events and may end it (its mayGoOn()). Errors: the run cannot be
/// repeated, or was ended by `watch`.
Result<Verification> verifyRun(const RunRecord& record, const DataSource& source, int threads, RunObserver& watch);

} // namespace strata
