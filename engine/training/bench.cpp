// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/bench.h"

#include "engine/core/rng.h"
#include "engine/graph/analysis.h"
#include "engine/network/network.h"
#include "engine/training/evaluate.h"
#include "engine/training/loss_meter.h"
#include "engine/training/parameter_update.h"

#include <algorithm>
#include <chrono>
#include <set>

namespace strata {
namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void fillWithNoise(std::span<float> values) {
    Rng rng({1, 2, 3, 4});
    for (float& v : values) v = rng.uniform();
}

} // namespace

double trainingFlops(const ModelGraph& graph) {
    const GraphReport report = analyse(graph);
    double flops = 0;
    std::set<NodeId> downstream; // of something that is trained: these need the gradient of their input
    for (const NodeId id : report.order) {
        const NodeReport* node = report.find(id);
        const auto inputs = graph.inputsOf(id);
        const bool inputGradient = std::ranges::any_of(inputs, [&](const Edge& e) { return downstream.contains(e.from); });
        flops += 2.0 * static_cast<double>(node->plan.macs) * (inputGradient ? 3 : 2);
        if (inputGradient || node->trainableParameters > 0) downstream.insert(id);
    }
    return flops;
}

Result<BenchResult> benchTraining(const ModelGraph& graph, const TrainingSettings& settings, double seconds, Workers& workers) {
    const std::int64_t batch = settings.batchSize;
    Result<TypedParams> optimizer = checkOptimizer(settings.optimizer);
    if (!optimizer) return optimizer.error();
    Result<std::unique_ptr<Network>> network = Network::compile(graph, {batch, true, false, settings.seed}, workers);
    if (!network) return network.error();
    Network& net = **network;
    LossMeter meter(defaultLoss(graph), net.outputShape(), net.endsInSoftmax(), batch);
    ParameterUpdate update(*optimizer, net, workers);
    std::vector<std::int32_t> labels(static_cast<std::size_t>(batch));
    for (std::int64_t n = 0; n < batch; ++n) labels[static_cast<std::size_t>(n)] = static_cast<std::int32_t>(n % net.outputShape()[-1]);
    std::vector<float> images(net.input().size());
    fillWithNoise(images);

    const auto step = [&] {
        std::ranges::copy(images, net.input().begin());
        net.forward(batch, true, update.iterations());
        meter.measure(batch, net.output().data(), labels.data(), net.outputGradient().data(), workers);
        net.backward(meter.skipsSoftmax());
        update.apply();
    };
    const Clock::time_point warmUp = Clock::now();
    do step();
    while (secondsSince(warmUp) < 0.2 * seconds);
    BenchResult result;
    result.trainingFlopsPerImage = trainingFlops(graph);
    const Clock::time_point start = Clock::now();
    do {
        step();
        result.images += batch;
        result.seconds = secondsSince(start);
    } while (result.seconds < seconds);
    return result;
}

} // namespace strata
