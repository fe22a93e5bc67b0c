// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/training/trainer.h"

namespace strata {

/// Everything that runTraining() would refuse before its first batch, without taking memory or time: for whoever has
/// something to lose by beginning. `available`: bytes that the run may take. Returns the job's settings with all parameters
/// of schedule, metrics and callbacks.
Result<TrainingSettings> checkJob(const TrainingJob& job, std::int64_t available);

} // namespace strata
