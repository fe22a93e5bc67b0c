// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/trainer.h"

namespace strata {

/// What a run takes, in bytes, without taking it: the network at its batch size, the optimiser's slots, the
/// copies of the weights that the run keeps, and the batches that are read ahead. Errors: those of
/// Network::compile(), but for memory.
/// requires: job.train; settings that a run accepts
Result<std::int64_t> runMemory(const TrainingJob& job);
/// The same for predicting with batches of the run's size.
Result<std::int64_t> inferenceMemory(const TrainingJob& job);

struct DrawingMemory {
    std::int64_t training = 0, inference = 0;
};
/// Both for a drawing that has no data that fit: as of images in memory that its Input takes, at least a batch of them.
/// Errors: those of Network::compile(), but for memory; an Input with unknown sizes among them.
Result<DrawingMemory> drawingMemory(const ModelGraph& graph, const TrainingSettings& settings);

/// Errors: network.memory, when that is more than `available`; with both numbers, and the batch size that fits.
Result<> checkRunMemory(const TrainingJob& job, std::int64_t available);

/// The largest batch of the run, training or validation: the network's arrays have room for this many samples.
std::int64_t largestBatch(const TrainingJob& job);

} // namespace strata
