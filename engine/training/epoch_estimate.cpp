// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/epoch_estimate.h"

#include "engine/core/memory.h"
#include "engine/core/said.h"
#include "engine/graph/flatten.h"
#include "engine/training/evaluate.h"
#include "engine/training/job_check.h"
#include "engine/training/loss_meter.h"
#include "engine/training/parameter_update.h"
#include "engine/training/run_memory.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

namespace strata {
namespace {

using Clock = std::chrono::steady_clock;

/// The middle one of five runs.
template <class Run>
double middleSeconds(const Run& run) {
    std::array<double, 5> seconds{};
    run();
    for (double& s : seconds) {
        const Clock::time_point start = Clock::now();
        run();
        s = std::chrono::duration<double>(Clock::now() - start).count();
    }
    std::ranges::sort(seconds);
    return seconds[2];
}

struct LossSeconds {
    double training = 0, validation = 0; ///< of a batch
};

LossSeconds timeLoss(const TrainingJob& job, const Shape& output, std::int64_t batch, Workers& workers) {
    LossMeter meter(job.settings.loss, output, true, batch, job.settings.classWeights);
    std::vector<float> values(static_cast<std::size_t>(batch * output.count()), 0.1F), gradient(values.size());
    const std::vector<std::int32_t> labels(static_cast<std::size_t>(batch), 0);
    return {middleSeconds([&] { meter.measure(batch, values.data(), labels.data(), gradient.data(), workers); }),
            middleSeconds([&] { meter.measure(batch, values.data(), labels.data(), nullptr, workers); })};
}

/// The time goes with the number of weights: so many are enough to know it.
constexpr std::int64_t kEnoughWeights = 4 << 20;

double timeUpdate(const TypedParams& checked, std::int64_t weights, Workers& workers) {
    if (weights == 0) return 0;
    const std::int64_t count = std::min(weights, kEnoughWeights);
    const std::unique_ptr<Optimizer> optimizer = createOptimizer(checked);
    const auto size = static_cast<std::size_t>(count);
    std::vector<float> parameters(size, 0.5F), gradient(size, 0.01F);
    std::vector<std::vector<float>> slots;
    std::vector<float*> places;
    for (int s = 0; s < optimizer->slots(); ++s) places.push_back(slots.emplace_back(size, optimizer->initialSlot(s)).data());
    const double seconds = middleSeconds([&] {
        optimizer->beginIteration(1, 1e-6);
        stepInParts(*optimizer, count, parameters.data(), gradient.data(), places, workers);
    });
    return seconds * static_cast<double>(weights) / static_cast<double>(count);
}

/// Seconds an image, from samples all over the data set.
double timeReading(const Dataset& data, Scaling scaling) {
    constexpr std::int64_t kSamples = 64;
    std::vector<float> image(static_cast<std::size_t>(data.sampleShape().count()));
    const std::int64_t samples = std::min(kSamples, data.size());
    const Clock::time_point start = Clock::now();
    for (std::int64_t i = 0; i < samples; ++i) {
        data.read(data.size() * i / samples, image);
        applyScaling(scaling, image);
    }
    return std::chrono::duration<double>(Clock::now() - start).count() / static_cast<double>(samples);
}

/// Reading ahead goes on beside the work where a processor is free for it, else it shares them.
double withReading(double work, double reading, const Dataset& data, int workers) {
    if (data.isInMemory()) return work + reading;
    const int processors = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const double shared = workers < processors ? work : work + reading / processors;
    return std::max(shared, reading);
}

} // namespace

Result<EpochEstimate> estimateEpoch(const TrainingJob& job, LoneLayers& layers, Workers& workers, const std::stop_token& stop) {
    const auto batches = [](const Dataset& data, std::int64_t batch) { return static_cast<double>((data.size() + batch - 1) / batch); };
    if (const Result<TrainingSettings> runs = checkJob(job, availableMemory()); !runs) return runs.error();
    const ModelGraph graph = withInputShape(job.graph, job.train->sampleShape());
    CompileOptions options;
    options.batch = largestBatch(job);
    options.training = true;
    Result<Network::Memory> sizes = Network::memoryNeeded(graph, options, workers.count());
    if (!sizes) return sizes.error();
    const GraphReport report = analyse(flatten(graph));
    const Shape output = report.find(report.outputs.front())->plan.output;
    Result<NetworkSeconds> network = layers.sum(graph, options, workers, stop);
    if (!network) return network.error();

    const LossSeconds loss = timeLoss(job, output, options.batch, workers);
    const double update = timeUpdate(*checkOptimizer(job.settings.optimizer), sizes->trainableFloats, workers);
    const double reading = timeReading(*job.train, job.scaling);
    const auto images = static_cast<double>(job.train->size());
    const double step = (network->forward + network->backward) * images + (loss.training + update) * batches(*job.train, options.batch);
    EpochEstimate estimate{.layers = network->layers};
    estimate.trainSeconds = withReading(step, reading * images, *job.train, workers.count());
    if (job.validation && job.validation->size() > 0) {
        const auto count = static_cast<double>(job.validation->size());
        const double look = network->inference * count + loss.validation * batches(*job.validation, options.batch);
        estimate.validationSeconds = withReading(look, reading * count, *job.validation, workers.count());
    }
    return estimate;
}

} // namespace strata
