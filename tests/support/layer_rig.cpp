// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/layer_rig.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <numeric>

namespace strata::test {
namespace {

constexpr std::int64_t kGuard = 16;
constexpr float kGuardValue = -987654.25F;

Tensor tensor(const GuardedFloats& data, const Shape& shape) {
    return {data.data(), shape, shape.count()};
}

} // namespace

void GuardedFloats::Free::operator()(float* p) const {
    std::free(p);
}

GuardedFloats::GuardedFloats(std::int64_t size)
    : m_size(size) {
    const auto bytes = static_cast<std::size_t>((size + 15) / 16 * 16 + kGuard) * sizeof(float);
    m_data.reset(static_cast<float*>(std::aligned_alloc(64, bytes)));
    std::fill_n(m_data.get() + size, kGuard, kGuardValue);
    poison();
}

void GuardedFloats::poison() const {
    std::ranges::fill(span(), std::numeric_limits<float>::quiet_NaN());
}

bool GuardedFloats::guardIntact() const {
    return m_data == nullptr || std::all_of(m_data.get() + m_size, m_data.get() + m_size + kGuard,
                                            [](float v) { return v == kGuardValue; });
}

double cotangent(std::int64_t i) {
    return static_cast<double>((i * 37 + 11) % 64 - 32) / 16;
}

LayerRig::LayerRig(const LayerType& type, const ParamMap& params, std::vector<Shape> shapes,
                   std::int64_t batch, int threads)
    : plan(*planLayer(type, params, shapes))
    , m_shapes(std::move(shapes))
    , m_batch(batch)
    , m_layer(createLayer(type, params, m_shapes))
    , m_workers(threads) {
    for (const Shape& s : m_shapes) {
        inputs.emplace_back(batch * s.count());
        inputGrads.emplace_back(batch * s.count());
    }
    for (std::size_t i = 0; i < m_shapes.size(); ++i) {
        m_inputTensors.push_back(tensor(inputs[i], m_shapes[i]));
        m_gradTensors.push_back(tensor(inputGrads[i], m_shapes[i]));
    }
    for (const WeightSpec& w : plan.weights) {
        weights.emplace_back(w.count());
        weightGrads.emplace_back(w.count());
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
        m_weightPointers.push_back(weights[i].data());
        m_weightGradPointers.push_back(plan.weights[i].trainable ? weightGrads[i].data() : nullptr);
    }
    output = GuardedFloats(batch * plan.output.count());
    outputGrad = GuardedFloats(batch * plan.output.count());
    m_gradCopy = GuardedFloats(batch * plan.output.count());
    m_saved = GuardedFloats(batch * plan.savedPerSample);
    m_savedBatch = GuardedFloats(plan.savedPerBatch);
    m_shared = GuardedFloats(plan.sharedScratch);
    m_worker = GuardedFloats(threads * plan.scratchPerWorker);
    m_chunk = GuardedFloats(batchChunks(batch) * plan.scratchPerChunk);
    for (std::int64_t i = 0; i < outputGrad.size(); ++i)
        outputGrad[i] = static_cast<float>(cotangent(i));
}

void LayerRig::fillAll(std::uint64_t fillSeed) {
    for (std::size_t n = 0; n < inputs.size(); ++n) {
        Rng rng({.seed = fillSeed, .stream = n});
        const std::int64_t size = inputs[n].size();
        std::vector<std::int64_t> order(static_cast<std::size_t>(size));
        std::iota(order.begin(), order.end(), 0);
        for (std::size_t i = order.size(); i > 1; --i)
            std::swap(order[i - 1], order[rng.below(i)]);
        // A shuffled grid over (-2, 2) that leaves out 0, where many activations have their kink.
        const double step = 4.0 / static_cast<double>(size);
        for (std::int64_t i = 0; i < size; ++i) {
            inputs[n][i] = static_cast<float>(
                -2 + (static_cast<double>(order[static_cast<std::size_t>(i)]) + 0.5) * step);
        }
    }
    for (std::size_t n = 0; n < weights.size(); ++n) {
        Rng rng({.seed = fillSeed, .stream = 1000 + n});
        for (float& v : weights[n].span()) {
            v = plan.weights[n].trainable ? rng.uniform() * 1.4F - 0.7F : rng.uniform() + 0.3F;
        }
    }
}

Pass LayerRig::pass() {
    Pass p;
    p.batch = m_batch;
    p.chunks = batchChunks(m_batch);
    p.training = training;
    p.frozen = frozen;
    p.rng = {.seed = seed, .stream = 3, .step = 5};
    p.firstSample = firstSample;
    p.inputs = m_inputTensors;
    p.output = tensor(output, plan.output);
    p.gradSkipsSoftmax = gradSkipsSoftmax;
    p.weights = m_weightPointers;
    p.saved = training || plan.savedInInference ? m_saved.data() : nullptr;
    p.savedBatch = m_savedBatch.data();
    p.sharedScratch = m_shared.data();
    p.workerScratch = m_worker.data();
    p.chunkScratch = m_chunk.data();
    p.savedPerSample = plan.savedPerSample;
    p.scratchPerWorker = plan.scratchPerWorker;
    p.scratchPerChunk = plan.scratchPerChunk;
    p.workers = &m_workers;
    return p;
}

void LayerRig::forward() {
    for (const GuardedFloats* b : {&output, &m_saved, &m_savedBatch, &m_shared, &m_worker, &m_chunk})
        b->poison();
    m_layer->forward(pass());
}

void LayerRig::backward() {
    for (const GuardedFloats& g : inputGrads)
        g.poison();
    for (const GuardedFloats& g : weightGrads)
        g.poison();
    for (const GuardedFloats* b : {&m_shared, &m_worker, &m_chunk})
        b->poison();
    std::ranges::copy(outputGrad.span(), m_gradCopy.data());
    Pass p = pass();
    // What the plan says backward does not read is not there.
    GuardedFloats nothing(output.size());
    std::vector<GuardedFloats> noInputs;
    std::vector<Tensor> noTensors;
    if (!plan.backwardReadsOutput) p.output.data = nothing.data();
    if (!plan.backwardReadsInput) {
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            noInputs.emplace_back(inputs[i].size());
            noTensors.push_back(tensor(noInputs[i], m_shapes[i]));
        }
        p.inputs = noTensors;
    }
    p.outputGrad = tensor(m_gradCopy, plan.output);
    p.inputGrads = m_gradTensors;
    p.weightGrads = m_weightGradPointers;
    m_layer->backward(p);
}

std::string LayerRig::brokenGuard() const {
    const std::pair<const GuardedFloats*, const char*> named[] = {
        {&output, "output"},           {&outputGrad, "outputGrad"},     {&m_saved, "saved"},
        {&m_savedBatch, "savedBatch"}, {&m_shared, "sharedScratch"},    {&m_worker, "workerScratch"},
        {&m_chunk, "chunkScratch"},    {&m_gradCopy, "outputGrad copy"}};
    for (const auto& [buffer, name] : named) {
        if (!buffer->guardIntact()) return name;
    }
    const std::pair<const std::vector<GuardedFloats>*, const char*> lists[] = {
        {&inputs, "input"}, {&inputGrads, "inputGrad"}, {&weights, "weight"}, {&weightGrads, "weightGrad"}};
    for (const auto& [list, name] : lists) {
        for (const GuardedFloats& b : *list) {
            if (!b.guardIntact()) return name;
        }
    }
    return {};
}

} // namespace strata::test
