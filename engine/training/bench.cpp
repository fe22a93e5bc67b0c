// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/bench.h"

#include "engine/core/rng.h"
#include "engine/graph/analysis.h"
#include "engine/graph/flatten.h"
#include "engine/network/network.h"
#include "engine/training/evaluate.h"
#include "engine/training/loss_meter.h"
#include "engine/training/parameter_update.h"

#include <algorithm>
#include <chrono>
#include <map>
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

/// What one step needs beside the network; made once.
class Steps {
public:
    Steps(const ModelGraph& graph, const TypedParams& optimizer, Network& network, std::int64_t batch, Workers& workers)
        : m_network(network), m_workers(workers), m_batch(batch), m_images(network.input().size()),
          m_labels(static_cast<std::size_t>(batch)),
          m_meter(defaultLoss(graph), network.outputShape(), network.endsInSoftmax(), batch), m_update(optimizer, std::nullopt, network, workers) {
        fillWithNoise(m_images);
        for (std::int64_t n = 0; n < batch; ++n)
            m_labels[static_cast<std::size_t>(n)] = static_cast<std::int32_t>(n % network.outputShape()[-1]);
    }
    void infer() {
        std::ranges::copy(m_images, m_network.input().begin());
        m_network.forward(m_batch, false);
    }
    void train() {
        std::ranges::copy(m_images, m_network.input().begin());
        m_network.forward(m_batch, true, m_update.iterations());
        m_meter.measure(m_batch, m_network.output().data(), m_labels.data(), m_network.outputGradient().data(), m_workers);
        m_network.backward(m_meter.skipsSoftmax());
        m_update.apply();
    }

private:
    Network& m_network;
    Workers& m_workers;
    std::int64_t m_batch;
    std::vector<float> m_images;
    std::vector<std::int32_t> m_labels;
    LossMeter m_meter;
    ParameterUpdate m_update;
};

void addTimes(BenchResult& result, const ModelGraph& graph, const Network& network) {
    const double images = static_cast<double>(result.images);
    std::map<NodeId, Network::LayerTime> times;
    for (const Network::LayerTime& t : network.times()) times[t.node] = t;
    result.otherSeconds = result.seconds / images;
    std::size_t layer = 0;
    for (const NodeId id : analyse(flatten(graph)).order) { // layerFlops() has the same order
        BenchLayer& to = result.layers[layer++];
        to.forwardSeconds = times[id].forward / images;
        to.backwardSeconds = times[id].backward / images;
        result.otherSeconds -= to.forwardSeconds + to.backwardSeconds;
    }
}

} // namespace

std::vector<BenchLayer> layerFlops(const ModelGraph& drawing, bool training) {
    const ModelGraph graph = flatten(drawing);
    const GraphReport report = analyse(graph);
    std::vector<BenchLayer> layers;
    std::set<NodeId> downstream; // of something that is trained: these need the gradient of their input
    for (const NodeId id : report.order) {
        const NodeReport& node = *report.find(id);
        BenchLayer& layer = layers.emplace_back();
        layer.name = graph.find(id)->name;
        layer.type = graph.find(id)->type;
        layer.forwardFlops = 2.0 * static_cast<double>(node.plan.macs);
        if (!training) continue;
        const auto inputs = graph.inputsOf(id);
        const bool inputGradient = std::ranges::any_of(inputs, [&](const Edge& e) { return downstream.contains(e.from); });
        layer.backwardFlops = layer.forwardFlops * (inputGradient ? 2 : 1);
        if (inputGradient || node.trainableParameters > 0) downstream.insert(id);
    }
    return layers;
}

Result<BenchResult> benchNetwork(const ModelGraph& graph, const TrainingSettings& settings, const BenchOptions& options, Workers& workers) {
    const std::int64_t batch = settings.batchSize;
    Result<TypedParams> optimizer = checkOptimizer(settings.optimizer);
    if (!optimizer) return optimizer.error();
    Result<std::unique_ptr<Network>> network = Network::compile(graph, {batch, options.training, false, settings.seed}, workers);
    if (!network) return network.error();
    Steps steps(graph, *optimizer, **network, batch, workers);
    const auto step = [&] { options.training ? steps.train() : steps.infer(); };
    const Clock::time_point warmUp = Clock::now();
    do step();
    while (secondsSince(warmUp) < 0.2 * options.seconds);

    BenchResult result;
    result.layers = layerFlops(graph, options.training);
    for (const BenchLayer& l : result.layers) result.flopsPerImage += l.forwardFlops + l.backwardFlops;
    if (options.perLayer) (*network)->keepTimes();
    const Clock::time_point start = Clock::now();
    do {
        step();
        result.images += batch;
        result.seconds = secondsSince(start);
    } while (result.seconds < options.seconds);
    if (options.perLayer)
        addTimes(result, graph, **network);
    else
        result.layers.clear();
    return result;
}

} // namespace strata
