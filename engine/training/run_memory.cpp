// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/run_memory.h"

#include "engine/core/said.h"
#include "engine/network/memory_refusal.h"
#include "engine/network/network.h"
#include "engine/training/evaluate.h"
#include "engine/training/parameter_update.h"

#include <algorithm>
#include <thread>

namespace strata {
namespace {

Result<std::int64_t> memoryAt(const TrainingJob& job, std::int64_t batch) {
    const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const Result<Network::Memory> network =
        Network::memoryNeeded(withInputShape(job.graph, job.train->sampleShape()), {.batch = batch, .training = true},
                              job.settings.threads > 0 ? job.settings.threads : processors);
    if (!network) return network.error();
    const Result<TypedParams> optimizer = checkOptimizer(job.settings.optimizer);
    if (!optimizer) return optimizer.error();
    const std::int64_t slotArrays = createOptimizer(*optimizer)->slots();
    // The last good ones, the best ones, those a callback keeps.
    const std::int64_t copies = 1 + (job.validation && job.settings.keepBest ? 1 : 0) + (job.settings.callbacks.empty() ? 0 : 1);
    constexpr std::int64_t kReadAhead = 3;
    const std::int64_t batches = job.train->isInMemory() ? 1 : kReadAhead;
    const std::int64_t floats = slotArrays * network->trainableFloats + copies * network->parameterFloats +
                                batches * batch * job.train->sampleShape().count();
    return network->bytes + floats * static_cast<std::int64_t>(sizeof(float));
}

/// The largest power of two below the batch that fits; 0: none.
std::int64_t batchThatFits(const TrainingJob& job, std::int64_t batch, std::int64_t available) {
    std::int64_t half = 1;
    while (half * 2 < batch)
        half *= 2;
    for (; half > 0 && half < batch; half /= 2) {
        const Result<std::int64_t> needed = memoryAt(job, half);
        if (needed && *needed <= available) return half;
    }
    return 0;
}

} // namespace

std::int64_t largestBatch(const TrainingJob& job) {
    const std::int64_t largest = std::max(job.train->size(), job.validation ? job.validation->size() : 0);
    return std::min(job.settings.batchSize, largest);
}

Result<std::int64_t> runMemory(const TrainingJob& job) {
    return memoryAt(job, largestBatch(job));
}

Result<> checkRunMemory(const TrainingJob& job, std::int64_t available) {
    const std::int64_t batch = largestBatch(job);
    const Result<std::int64_t> needed = memoryAt(job, batch);
    if (!needed) return needed.error();
    if (*needed <= available) return {};
    return memoryRefusal(said("Training this network"), {static_cast<double>(*needed), batch, available, batchThatFits(job, batch, available)});
}

} // namespace strata
