// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/network.h"

#include "engine/core/memory.h"
#include "engine/layers/initializers.h"
#include "engine/layers/regularizers.h"
#include "engine/network/arena.h"
#include "engine/network/program.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstring>
#include <fmt/format.h>

namespace strata {
namespace {

/// Adds `extra` to `sum`, spread over the workers by fixed parts.
void addInto(float* sum, const float* extra, std::int64_t count, Workers& workers) {
    constexpr std::int64_t kPart = 1 << 15;
    const std::int64_t parts = std::max<std::int64_t>(1, count / kPart);
    workers.run(parts, [&](std::int64_t part, int) {
        const ChunkRange r = chunkRange(count, parts, part);
        float* a = sum + r.first;
        const float* b = extra + r.first;
        for (std::int64_t i = 0; i < r.size; ++i) a[i] += b[i];
    });
}

/// Adds the time of its own life to one layer's; does nothing where no times are kept.
class Stopwatch {
public:
    using Clock = std::chrono::steady_clock;
    Stopwatch(std::span<Network::LayerTime> times, std::size_t layer, double Network::LayerTime::* pass)
        : m_sum(times.empty() ? nullptr : &(times[layer].*pass)), m_start(m_sum == nullptr ? Clock::time_point() : Clock::now()) {}
    ~Stopwatch() {
        if (m_sum != nullptr) *m_sum += std::chrono::duration<double>(Clock::now() - m_start).count();
    }
    Stopwatch(const Stopwatch&) = delete;
    Stopwatch& operator=(const Stopwatch&) = delete;

private:
    double* m_sum;
    Clock::time_point m_start;
};

} // namespace

struct Network::Impl {
    Impl(Program made, const CompileOptions& compileOptions, Workers& pool)
        : program(std::move(made)), options(compileOptions), workers(pool), activations(program.memory.total),
          parameters(program.parameterFloats), gradients(options.training ? program.trainableFloats : 0),
          sharedScratch(program.sharedScratch), workerScratch(program.scratchPerWorker * pool.count()),
          chunkScratch(program.scratchPerChunk * program.chunks) {
        calls.resize(program.ops.size());
        partialPenalties.resize(static_cast<std::size_t>(program.chunks));
        for (std::size_t i = 0; i < calls.size(); ++i) prepareCall(i);
    }

    /// All that a call of one layer needs, looked up once.
    struct Call {
        std::unique_ptr<Layer> layer; ///< null for the Input and for views
        std::vector<Tensor> inputs, inputGrads;
        Tensor output, outputGrad;
        std::vector<float*> weights, weightGrads;
        float* saved = nullptr;
        float* savedBatch = nullptr;
    };

    float* buffer(int index) const {
        return index == Program::kNone ? nullptr
                                       : activations.data() + program.memory.offsets[static_cast<std::size_t>(index)];
    }
    static Tensor tensor(float* data, const Shape& shape) { return {data, shape, shape.count()}; }

    void prepareCall(std::size_t i) {
        const Program::Op& op = program.ops[i];
        Call& call = calls[i];
        if (i > 0 && !op.isView) call.layer = createLayer(*op.type, op.params, op.inputShapes);
        call.output = tensor(buffer(op.output), op.plan.output);
        call.outputGrad = tensor(buffer(op.outputGrad), op.plan.output);
        for (std::size_t k = 0; k < op.inputs.size(); ++k) {
            call.inputs.push_back(tensor(buffer(program.ops[static_cast<std::size_t>(op.inputs[k])].output), op.inputShapes[k]));
            call.inputGrads.push_back(tensor(options.training ? buffer(op.inputGrads[k]) : nullptr, op.inputShapes[k]));
        }
        call.weights.resize(op.plan.weights.size());
        call.weightGrads.resize(op.plan.weights.size());
        for (const Slot& slot : program.slots) {
            if (slot.node != op.node) continue;
            const auto w = static_cast<std::size_t>(slot.index);
            call.weights[w] = parameters.data() + slot.offset;
            call.weightGrads[w] = slot.trained && options.training ? gradients.data() + slot.offset : nullptr;
        }
        call.saved = buffer(op.saved);
        call.savedBatch = buffer(op.savedBatch);
    }

    Pass passFor(std::size_t i) const {
        const Program::Op& op = program.ops[i];
        const Call& call = calls[i];
        Pass pass;
        pass.batch = samples;
        pass.chunks = batchChunks(samples);
        pass.training = training;
        pass.rng = {options.seed, mix(i), static_cast<std::uint64_t>(step), 0};
        pass.firstSample = firstSample;
        pass.frozen = !op.trainable;
        pass.inputs = call.inputs;
        pass.output = call.output;
        pass.inputGrads = call.inputGrads;
        pass.outputGrad = call.outputGrad;
        pass.weights = call.weights;
        pass.weightGrads = call.weightGrads;
        pass.saved = call.saved;
        pass.savedBatch = call.savedBatch;
        pass.savedPerSample = op.plan.savedPerSample;
        pass.sharedScratch = sharedScratch.data();
        pass.workerScratch = workerScratch.data();
        pass.chunkScratch = chunkScratch.data();
        pass.scratchPerWorker = program.scratchPerWorker;
        pass.scratchPerChunk = program.scratchPerChunk;
        pass.workers = &workers;
        return pass;
    }

    void forward() {
        activityPenalty = 0;
        for (std::size_t i = 1; i < calls.size(); ++i) {
            const Stopwatch watch(times, i, &LayerTime::forward);
            if (calls[i].layer) calls[i].layer->forward(passFor(i));
            if (program.ops[i].plan.activityRegularizer) activityPenalty += penaltyOf(i);
        }
    }

    /// Chunk by chunk, added in their order, so the number of threads does not matter.
    double penaltyOf(std::size_t i) {
        const std::int64_t chunks = batchChunks(samples);
        const Tensor& output = calls[i].output;
        workers.run(chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = chunkRange(samples, chunks, chunk);
            partialPenalties[static_cast<std::size_t>(chunk)] = penalty(*program.ops[i].plan.activityRegularizer,
                                                                        samplesOf(output, r));
        });
        double sum = 0;
        for (std::int64_t chunk = 0; chunk < chunks; ++chunk)
            sum += partialPenalties[static_cast<std::size_t>(chunk)];
        return sum / static_cast<double>(samples);
    }

    void addPenaltyGradientOf(std::size_t i) {
        const std::int64_t chunks = batchChunks(samples);
        const Call& call = calls[i];
        workers.run(chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = chunkRange(samples, chunks, chunk);
            addPenaltyGradient(*program.ops[i].plan.activityRegularizer, samplesOf(call.output, r),
                               samplesOf(call.outputGrad, r), 1 / static_cast<double>(samples));
        });
    }

    static std::span<float> samplesOf(const Tensor& t, const ChunkRange& r) {
        return {t.sample(r.first), static_cast<std::size_t>(r.size * t.count)};
    }

    void backward(bool skipSoftmax) {
        for (std::size_t i = calls.size(); i-- > 1;) {
            const Stopwatch watch(times, i, &LayerTime::backward);
            if (program.ops[i].wantsGrad) backwardOf(i, skipSoftmax && i + 1 == calls.size());
        }
    }

    void backwardOf(std::size_t i, bool skipSoftmax) {
        const Program::Op& op = program.ops[i];
        Call& call = calls[i];
        if (op.plan.activityRegularizer) addPenaltyGradientOf(i);
        if (call.layer) {
            Pass pass = passFor(i);
            pass.gradSkipsSoftmax = skipSoftmax;
            call.layer->backward(pass);
        } else if (float* to = call.inputGrads[0].data; to != nullptr && to != call.outputGrad.data) {
            std::memcpy(to, call.outputGrad.data, static_cast<std::size_t>(samples * call.outputGrad.count) * sizeof(float));
        }
        for (std::size_t k = 0; k < op.inputs.size(); ++k) {
            if (!op.gradIsExtra[k]) continue;
            const auto producer = static_cast<std::size_t>(op.inputs[k]);
            addInto(calls[producer].outputGrad.data, call.inputGrads[k].data, samples * call.inputGrads[k].count, workers);
        }
    }

    const Slot* slotOf(NodeId node, int index) const {
        const auto it = std::ranges::find_if(program.slots, [&](const Slot& s) { return s.node == node && s.index == index; });
        return it == program.slots.end() ? nullptr : &*it;
    }
    std::size_t opOf(NodeId node) const {
        const auto it = std::ranges::find_if(program.ops, [&](const Program::Op& op) { return op.node == node; });
        return static_cast<std::size_t>(it - program.ops.begin());
    }

    Program program;
    CompileOptions options;
    Workers& workers;
    Arena activations, parameters, gradients, sharedScratch, workerScratch, chunkScratch;
    std::vector<Call> calls;
    std::vector<LayerTime> times;
    std::vector<double> partialPenalties; // (chunks)
    double activityPenalty = 0;
    std::int64_t samples = 0, step = 0, firstSample = 0;
    bool training = false;
};

Network::Network(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
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
        return failure("network.memory", fmt::format("This network needs {:.2f} GB at batch size {} and {:.2f} GB are free; "
                                                     "make layers smaller or the batch shorter.",
                                                     static_cast<double>(needed) * 1e-9, options.batch,
                                                     static_cast<double>(free) * 1e-9));
    }
    try {
        // Slots point into the plans of the ops: the vector of ops moves as a whole, so the pointers stay valid.
        std::unique_ptr<Network> network(new Network(std::make_unique<Impl>(std::move(*program), options, workers)));
        network->initialise(options.seed);
        return network;
    } catch (const std::bad_alloc&) {
        return failure("network.memory", fmt::format("The system does not give the {:.1f} GB that this network needs; "
                                                     "make layers smaller or the batch shorter.",
                                                     static_cast<double>(needed) * 1e-9));
    }
}

const Shape& Network::inputShape() const {
    return m_impl->program.ops.front().plan.output;
}
const Shape& Network::outputShape() const {
    return m_impl->program.ops.back().plan.output;
}
bool Network::endsInSoftmax() const {
    return m_impl->program.ops.back().plan.endsInSoftmax;
}

std::span<float> Network::input() {
    const Tensor& t = m_impl->calls.front().output;
    return {t.data, static_cast<std::size_t>(t.count * m_impl->options.batch)};
}

void Network::forward(std::int64_t samples, bool training, std::int64_t step, std::int64_t firstSample) {
    assert(samples > 0 && samples <= m_impl->options.batch);
    assert(!training || m_impl->options.training);
    m_impl->samples = samples;
    m_impl->training = training;
    m_impl->step = step;
    m_impl->firstSample = firstSample;
    m_impl->forward();
}

double Network::activityPenalty() const {
    return m_impl->activityPenalty;
}

std::span<const float> Network::output() const {
    const Tensor& t = m_impl->calls.back().output;
    return {t.data, static_cast<std::size_t>(t.count * m_impl->samples)};
}

std::span<const float> Network::activation(NodeId id) const {
    assert(m_impl->options.keepActivations);
    const std::size_t op = m_impl->opOf(id);
    if (op >= m_impl->calls.size()) return {};
    const Tensor& t = m_impl->calls[op].output;
    return {t.data, static_cast<std::size_t>(t.count * m_impl->samples)};
}

Shape Network::activationShape(NodeId id) const {
    const std::size_t op = m_impl->opOf(id);
    return op < m_impl->calls.size() ? m_impl->calls[op].output.shape : Shape();
}

std::span<float> Network::outputGradient() {
    const Tensor& t = m_impl->calls.back().outputGrad;
    return {t.data, t.data == nullptr ? 0 : static_cast<std::size_t>(t.count * m_impl->samples)};
}

void Network::backward(bool skipSoftmax) {
    assert(m_impl->options.training && m_impl->training);
    m_impl->backward(skipSoftmax);
}

std::span<float> Network::parameters() {
    return m_impl->parameters.span();
}
std::span<const float> Network::parameters() const {
    return m_impl->parameters.span();
}
std::int64_t Network::trainableCount() const {
    return m_impl->program.trainableFloats;
}
std::span<float> Network::gradients() {
    return m_impl->gradients.span();
}
std::span<const Network::Slot> Network::arrays() const {
    return m_impl->program.slots;
}

void Network::initialise(std::uint64_t seed) {
    for (const Slot& slot : m_impl->program.slots) {
        const RngKey key{seed, mix(0x57E1647ULL + m_impl->opOf(slot.node)), static_cast<std::uint64_t>(slot.index), 0};
        strata::initialise(slot.spec->initializer, slot.spec->dims, key,
                           m_impl->parameters.span().subspan(static_cast<std::size_t>(slot.offset), static_cast<std::size_t>(slot.count)));
    }
}

Weights Network::snapshot() const {
    Weights out;
    for (const Program::Op& op : m_impl->program.ops) {
        if (op.plan.weights.empty()) continue;
        std::vector<WeightArray>& arrays = out.nodes[op.node];
        for (std::size_t w = 0; w < op.plan.weights.size(); ++w) {
            const Slot& slot = *m_impl->slotOf(op.node, static_cast<int>(w));
            const float* from = m_impl->parameters.data() + slot.offset;
            arrays.push_back({slot.spec->name, slot.spec->dims, {from, from + slot.count}});
        }
    }
    return out;
}

int Network::load(const Weights& weights) {
    int taken = 0;
    for (const Slot& slot : m_impl->program.slots) {
        const std::vector<WeightArray>* arrays = weights.find(slot.node);
        if (arrays == nullptr || static_cast<std::size_t>(slot.index) >= arrays->size()) continue;
        const WeightArray& array = (*arrays)[static_cast<std::size_t>(slot.index)];
        if (array.dims != slot.spec->dims || array.values.size() != static_cast<std::size_t>(slot.count)) continue;
        std::ranges::copy(array.values, m_impl->parameters.data() + slot.offset);
        ++taken;
    }
    return taken;
}

void Network::keepTimes() {
    m_impl->times.clear();
    for (const Program::Op& op : m_impl->program.ops) m_impl->times.push_back({op.node});
}

std::span<const Network::LayerTime> Network::times() const {
    return m_impl->times;
}

std::int64_t Network::memoryBytes() const {
    return m_impl->program.bytes(m_impl->workers.count(), m_impl->options.training);
}

} // namespace strata
