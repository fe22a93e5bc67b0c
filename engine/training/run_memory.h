// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/trainer.h"

namespace strata {

/// What a run takes, in bytes, without taking it: the network at its batch size, the optimiser's slots, the
/// copies of the weights that the run keeps, and the batches that are read ahead. Errors: those of
/// Network::compile(), but for memory.
/// requires: job.train; settings that a run accepts
Result<std::int64_t> runMemory(const TrainingJob& job);

/// Errors: network.memory, when that is more than `available`; with both numbers, and the batch size that fits.
Result<> checkRunMemory(const TrainingJob& job, std::int64_t available);

/// The largest batch of the run, training or validation: the network's arrays have room for this many samples.
std::int64_t largestBatch(const TrainingJob& job);

} // namespace strata
