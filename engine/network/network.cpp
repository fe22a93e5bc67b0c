// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/network.h"

#include "engine/network/memory_refusal.h"
#include "engine/core/memory.h"
#include "engine/core/said.h"
#include "engine/layers/initializers.h"
#include "engine/network/runner.h"

#include <algorithm>
#include <cassert>

namespace strata {

Network::Network(std::unique_ptr<Runner> runner) : m_runner(std::move(runner)) {}
Network::~Network() = default;

Result<Network::Memory> Network::memoryNeeded(const ModelGraph& graph, const CompileOptions& options, int workers) {
    Result<Program> program = makeProgram(graph, options);
    if (!program) return program.error();
    return Memory{program->bytes(workers, options.training), program->parameterFloats, program->trainableFloats};
}

Result<std::unique_ptr<Network>> Network::compile(const ModelGraph& graph, const CompileOptions& options, Workers& workers) {
    assert(options.batch > 0);
    Result<Program> program = makeProgram(graph, options);
    if (!program) return program.error();
    const std::int64_t needed = program->bytes(workers.count(), options.training);
    if (const std::int64_t free = availableMemory(); needed > free) {
        return memoryRefusal(said("This network"), {static_cast<double>(needed), options.batch, free});
    }
    try {
        // Slots point into the plans of the ops: the vector of ops moves as a whole, so the pointers stay valid.
        std::unique_ptr<Network> network(new Network(std::make_unique<Runner>(std::move(*program), options, workers)));
        network->initialise(options.seed);
        return network;
    } catch (const std::bad_alloc&) {
        return memoryRefusal(said("This network"), {static_cast<double>(needed), options.batch});
    }
}

const Shape& Network::inputShape() const {
    return m_runner->program.ops.front().plan.output;
}
const Shape& Network::outputShape() const {
    return m_runner->program.ops.back().plan.output;
}
bool Network::endsInSoftmax() const {
    return m_runner->program.ops.back().plan.endsInSoftmax;
}

std::span<float> Network::input() {
    const Tensor& t = m_runner->calls.front().output;
    return {t.data, static_cast<std::size_t>(t.count * m_runner->options.batch)};
}

void Network::forward(std::int64_t samples, bool training, std::int64_t step, std::int64_t firstSample) {
    assert(samples > 0 && samples <= m_runner->options.batch);
    assert(!training || m_runner->options.training);
    m_runner->samples = samples;
    m_runner->training = training;
    m_runner->step = step;
    m_runner->firstSample = firstSample;
    m_runner->forward();
}

std::optional<NodeId> Network::firstNotFinite() {
    return m_runner->firstNotFinite();
}

double Network::activityPenalty() const {
    return m_runner->activityPenalty;
}

std::span<const float> Network::output() const {
    const Tensor& t = m_runner->calls.back().output;
    return {t.data, static_cast<std::size_t>(t.count * m_runner->samples)};
}

std::span<const float> Network::activation(NodeId id) const {
    assert(m_runner->options.keepActivations);
    const std::size_t op = m_runner->opOf(id);
    if (op >= m_runner->calls.size()) return {};
    const Tensor& t = m_runner->calls[op].output;
    return {t.data, static_cast<std::size_t>(t.count * m_runner->samples)};
}

Shape Network::activationShape(NodeId id) const {
    const std::size_t op = m_runner->opOf(id);
    return op < m_runner->calls.size() ? m_runner->calls[op].output.shape : Shape();
}

std::span<float> Network::outputGradient() {
    const Tensor& t = m_runner->calls.back().outputGrad;
    return {t.data, t.data == nullptr ? 0 : static_cast<std::size_t>(t.count * m_runner->samples)};
}

void Network::backward(bool skipSoftmax) {
    assert(m_runner->options.training && m_runner->training);
    m_runner->backward(skipSoftmax);
}

std::span<float> Network::parameters() {
    return m_runner->parameters.span();
}
std::span<const float> Network::parameters() const {
    return m_runner->parameters.span();
}
std::int64_t Network::trainableCount() const {
    return m_runner->program.trainableFloats;
}
std::span<float> Network::gradients() {
    return m_runner->gradients.span();
}
std::span<const Network::Slot> Network::arrays() const {
    return m_runner->program.slots;
}

void Network::initialise(std::uint64_t seed) {
    for (const Slot& slot : m_runner->program.slots) {
        const RngKey key{seed, mix(0x57E1647ULL + m_runner->opOf(slot.node)), static_cast<std::uint64_t>(slot.index), 0};
        strata::initialise(slot.spec->initializer, slot.spec->dims, key,
                           m_runner->parameters.span().subspan(static_cast<std::size_t>(slot.offset), static_cast<std::size_t>(slot.count)));
    }
}

Weights Network::snapshot() const {
    Weights out;
    for (const Program::Op& op : m_runner->program.ops) {
        if (op.plan.weights.empty()) continue;
        std::vector<WeightArray>& arrays = out.nodes[op.node];
        for (std::size_t w = 0; w < op.plan.weights.size(); ++w) {
            const Slot& slot = *m_runner->slotOf(op.node, static_cast<int>(w));
            const float* from = m_runner->parameters.data() + slot.offset;
            arrays.push_back({slot.spec->name, slot.spec->dims, {from, from + slot.count}});
        }
    }
    return out;
}

int Network::load(const Weights& weights) {
    int taken = 0;
    for (const Slot& slot : m_runner->program.slots) {
        const std::vector<WeightArray>* arrays = weights.find(slot.node);
        if (arrays == nullptr || static_cast<std::size_t>(slot.index) >= arrays->size()) continue;
        const WeightArray& array = (*arrays)[static_cast<std::size_t>(slot.index)];
        if (array.dims != slot.spec->dims || array.values.size() != static_cast<std::size_t>(slot.count)) continue;
        std::ranges::copy(array.values, m_runner->parameters.data() + slot.offset);
        ++taken;
    }
    return taken;
}

void Network::keepTimes() {
    m_runner->times.start(m_runner->calls.size(), m_runner->workers.count());
}

std::vector<Network::LayerTime> Network::times() const {
    std::vector<LayerTime> times;
    for (std::size_t i = 0; m_runner->times.on() && i < m_runner->calls.size(); ++i) {
        const LayerTimes::Passes passes = m_runner->times.of(i);
        times.push_back({m_runner->program.ops[i].node, passes.forward, passes.backward});
    }
    return times;
}

std::int64_t Network::memoryBytes() const {
    return m_runner->program.bytes(m_runner->workers.count(), m_runner->options.training);
}

} // namespace strata
