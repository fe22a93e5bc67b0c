// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/run_memory.h"

#include "engine/core/said.h"
#include "engine/graph/analysis.h"
#include "engine/network/memory_refusal.h"
#include "engine/network/network.h"
#include "engine/training/evaluate.h"
#include "engine/training/parameter_update.h"

#include <algorithm>
#include <thread>

namespace strata {
namespace {

/// What decides how much a run takes, but for the batch.
struct Demand {
    ModelGraph graph; ///< with its Input's sizes
    const TrainingSettings& settings;
    std::int64_t sampleFloats = 0;
    bool validates = false;
    std::int64_t batchesRead = 1;
};

Demand demandOf(const TrainingJob& job) {
    constexpr std::int64_t kReadAhead = 3;
    return {withInputShape(job.graph, job.train->sampleShape()), job.settings, job.train->sampleShape().count(), job.validation != nullptr,
            job.train->isInMemory() ? 1 : kReadAhead};
}

int threadsOf(const TrainingSettings& settings) {
    return settings.threads > 0 ? settings.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

Result<std::int64_t> trainingAt(const Demand& demand, std::int64_t batch) {
    const TrainingSettings& settings = demand.settings;
    const Result<Network::Memory> network = Network::memoryNeeded(demand.graph, {.batch = batch, .training = true}, threadsOf(settings));
    if (!network) return network.error();
    const Result<TypedParams> optimizer = checkOptimizer(settings.optimizer);
    if (!optimizer) return optimizer.error();
    const std::int64_t keptArrays = createOptimizer(*optimizer)->keptArrays();
    // The last good ones, the best ones, those a callback keeps.
    const std::int64_t copies = 1 + (demand.validates && settings.keepBest ? 1 : 0) + (settings.callbacks.empty() ? 0 : 1);
    const std::int64_t floats = keptArrays * network->trainableFloats + copies * network->parameterFloats +
                                demand.batchesRead * batch * demand.sampleFloats;
    return network->bytes + floats * static_cast<std::int64_t>(sizeof(float));
}

Result<std::int64_t> inferenceAt(const Demand& demand, std::int64_t batch) {
    const Result<Network::Memory> network = Network::memoryNeeded(demand.graph, {.batch = batch, .training = false}, threadsOf(demand.settings));
    if (!network) return network.error();
    return network->bytes;
}

/// The largest power of two below the batch that fits; 0: none.
std::int64_t batchThatFits(const Demand& demand, std::int64_t batch, std::int64_t available) {
    std::int64_t half = 1;
    while (half * 2 < batch)
        half *= 2;
    for (; half > 0 && half < batch; half /= 2) {
        const Result<std::int64_t> needed = trainingAt(demand, half);
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
    return trainingAt(demandOf(job), largestBatch(job));
}

Result<std::int64_t> inferenceMemory(const TrainingJob& job) {
    return inferenceAt(demandOf(job), largestBatch(job));
}

Result<DrawingMemory> drawingMemory(const ModelGraph& graph, const TrainingSettings& settings) {
    const GraphReport report = analyse(graph);
    std::int64_t sample = 0;
    for (const NodeId input : report.inputs) {
        const Shape& shape = report.find(input)->plan.output;
        if (shape.isKnown()) sample += shape.count();
    }
    const Demand demand{graph, settings, sample, settings.validationSplit > 0};
    const Result<std::int64_t> training = trainingAt(demand, settings.batchSize);
    if (!training) return training.error();
    const Result<std::int64_t> inference = inferenceAt(demand, settings.batchSize);
    if (!inference) return inference.error();
    return DrawingMemory{*training, *inference};
}

Result<> checkRunMemory(const TrainingJob& job, std::int64_t available) {
    const std::int64_t batch = largestBatch(job);
    const Demand demand = demandOf(job);
    const Result<std::int64_t> needed = trainingAt(demand, batch);
    if (!needed) return needed.error();
    if (*needed <= available) return {};
    return memoryRefusal(said("Training this network"), {static_cast<double>(*needed), batch, available, batchThatFits(demand, batch, available)});
}

} // namespace strata
