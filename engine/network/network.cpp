// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/network.h"

#include "engine/core/memory.h"
#include "engine/layers/chunked_layer.h"
#include "engine/layers/initializers.h"
#include "engine/layers/regularizers.h"
#include "engine/layers/sizes.h"
#include "engine/math/elementwise.h"
#include "engine/math/reductions.h"
#include "engine/network/arena.h"
#include "engine/network/layer_times.h"
#include "engine/network/program.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <fmt/format.h>

namespace strata {
namespace {

} // namespace

struct Network::Impl {
    Impl(Program made, const CompileOptions& compileOptions, Workers& pool)
        : program(std::move(made)), options(compileOptions), workers(pool), activations(program.memory.total),
          parameters(program.parameterFloats), gradients(options.training ? program.trainableFloats : 0),
          sharedScratch(program.sharedScratch), workerScratch(program.scratchPerWorker * pool.count()),
          chunkScratch(program.chunkScratch) {
        calls.resize(program.ops.size());
        partialPenalties.resize(static_cast<std::size_t>(program.chunks));
        steps.reserve(2 * calls.size());
        for (std::size_t i = 0; i < calls.size(); ++i) prepareCall(i);
    }

    /// All that a call of one layer needs, looked up once.
    struct Call {
        std::unique_ptr<Layer> layer; ///< null for the Input and for views
        ChunkedLayer* chunked = nullptr; ///< the layer, if it is one
        Pass pass;                       ///< of the present forward or backward
        std::vector<Tensor> inputs, inputGrads;
        Tensor output, outputGrad;
        std::vector<float*> weights, weightGrads;
        std::vector<math::ChannelMap> maps;
        math::GradientMap gradientMap;
        const float* gradientSums = nullptr;
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
        if (op.plan.byChunks) call.chunked = dynamic_cast<ChunkedLayer*>(call.layer.get());
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
        prepareMaps(i);
    }

    /// See LayerPlan::Fusion for what lies where.
    void prepareMaps(std::size_t i) {
        const Program::Op& op = program.ops[i];
        Call& call = calls[i];
        for (const int from : op.mapsFrom) {
            call.maps.emplace_back();
            if (from == Program::kNone) continue;
            const Program::Op& left = program.ops[static_cast<std::size_t>(from)];
            const float* const scale = buffer(left.savedBatch);
            call.maps.back() = {scale, scale + left.plan.output[-1], left.relu};
        }
        if (!options.training || op.gradientMapFrom == Program::kNone) return;
        const std::int64_t channels = op.plan.output[-1];
        const float* const a = buffer(program.ops[static_cast<std::size_t>(op.gradientMapFrom)].savedBatch) + 2 * channels;
        call.gradientMap = {a, a + channels, a + 2 * channels, call.output.data};
        call.gradientSums = a + 3 * channels;
    }

    /// Makes calls[i].pass, its scratch behind that of the ops whose work is being gathered.
    Pass& preparePass(std::size_t i) {
        const Program::Op& op = program.ops[i];
        const std::int64_t shared = alignedFloats(op.plan.sharedScratch);
        const std::int64_t perChunk = alignedFloats(op.plan.scratchPerChunk);
        if (sharedUsed + shared > program.sharedScratch || chunkUsed + perChunk * program.chunks > program.chunkScratch) finishSteps();
        Call& call = calls[i];
        Pass& pass = call.pass;
        pass = Pass();
        pass.batch = samples;
        pass.chunks = batchChunks(samples);
        pass.training = training;
        pass.rng = {options.seed, mix(i), static_cast<std::uint64_t>(step), 0};
        pass.firstSample = firstSample;
        pass.frozen = !op.trainable;
        pass.relu = op.relu;
        pass.maps = call.maps;
        pass.leavesOutput = op.leavesOutput;
        pass.leavesInputGrad = op.leavesInputGrad;
        pass.gradientMap = call.gradientMap;
        pass.gradientSums = call.gradientSums;
        pass.addToInputGrad = op.addsGradient;
        pass.inputs = call.inputs;
        pass.output = call.output;
        pass.inputGrads = call.inputGrads;
        pass.outputGrad = call.outputGrad;
        pass.weights = call.weights;
        pass.weightGrads = call.weightGrads;
        pass.saved = call.saved;
        pass.savedBatch = call.savedBatch;
        pass.savedPerSample = op.plan.savedPerSample;
        pass.sharedScratch = sharedScratch.data() + sharedUsed;
        pass.workerScratch = workerScratch.data();
        pass.chunkScratch = chunkScratch.data() + chunkUsed;
        pass.scratchPerWorker = program.scratchPerWorker;
        pass.scratchPerChunk = perChunk;
        pass.workers = &workers;
        sharedUsed += shared;
        chunkUsed += perChunk * program.chunks;
        return pass;
    }

    /// What is done for each chunk before the next chunk's turn.
    struct Step {
        std::size_t op = 0;
        enum class Work { GatherForward, Forward, GatherBackward, Backward } work = Work::Forward;
        bool isForward() const { return work == Work::GatherForward || work == Work::Forward; }
    };
    static constexpr double LayerTimes::Passes::* kForward = &LayerTimes::Passes::forward;
    static constexpr double LayerTimes::Passes::* kBackward = &LayerTimes::Passes::backward;

    void runStep(const Step& todo, std::int64_t chunk, int worker) {
        Call& call = calls[todo.op];
        switch (todo.work) {
        case Step::Work::GatherForward:
            return call.chunked->gatherForward(call.pass, chunk);
        case Step::Work::Forward:
            return call.chunked->forwardChunk(call.pass, chunk, worker);
        case Step::Work::GatherBackward:
            return call.chunked->gatherBackward(call.pass, chunk);
        case Step::Work::Backward:
            call.chunked->backwardChunk(call.pass, chunk, worker);
            addExtras(todo.op, chunk);
        }
    }

    /// Does the gathered steps for all chunks, and what follows them; then all scratch is free again.
    void finishSteps() {
        if (!steps.empty()) {
            workers.run(batchChunks(samples), [&](std::int64_t chunk, int worker) {
                for (const Step& todo : steps) {
                    const LayerTimes::Stopwatch watch(times, worker, todo.op, todo.isForward() ? kForward : kBackward);
                    runStep(todo, chunk, worker);
                }
            });
        }
        for (const Step& todo : steps) {
            if (todo.work != Step::Work::Backward) continue;
            const LayerTimes::Stopwatch watch(times, LayerTimes::kAll, todo.op, kBackward);
            calls[todo.op].chunked->endBackward(calls[todo.op].pass);
        }
        steps.clear();
        sharedUsed = chunkUsed = 0;
    }

    /// Begins a group with layer i, whose pass is prepared: what was gathered before is done, the scratch of i stays.
    void beginGroup(std::size_t i, Step::Work gather, bool gathers) {
        const std::int64_t shared = sharedUsed;
        const std::int64_t chunk = chunkUsed;
        if (gathers) steps.push_back({i, gather});
        finishSteps();
        sharedUsed = shared;
        chunkUsed = chunk;
    }

    void forward() {
        activityPenalty = 0;
        int group = -1;
        for (std::size_t i = 1; i < calls.size(); ++i) {
            Call& call = calls[i];
            if (call.layer) forwardOf(i, group);
            if (!program.ops[i].plan.activityRegularizer) continue;
            finishSteps();
            activityPenalty += penaltyOf(i);
        }
        finishSteps();
    }

    std::optional<NodeId> firstNotFinite() {
        for (std::size_t i = 1; i < calls.size(); ++i) {
            const Program::Op& op = program.ops[i];
            for (std::size_t w = 0; w < op.plan.weights.size(); ++w) {
                if (!math::allFinite(op.plan.weights[w].count(), calls[i].weights[w])) return op.node;
            }
            if (!calls[i].layer) continue;
            int group = -1; // each layer by itself
            forwardOf(i, group);
            finishSteps();
            if (!math::allFinite(samples * calls[i].output.count, calls[i].output.data)) return op.node;
        }
        return std::nullopt;
    }

    /// `group`: that of the layer before; becomes that of i.
    void forwardOf(std::size_t i, int& group) {
        Call& call = calls[i];
        const Pass& pass = preparePass(i);
        ChunkedLayer* const layer = call.chunked != nullptr && call.chunked->forwardByChunks(pass) ? call.chunked : nullptr;
        if (layer == nullptr) {
            finishSteps();
            const LayerTimes::Stopwatch watch(times, LayerTimes::kAll, i, kForward);
            call.layer->forward(pass);
        } else {
            if (group != program.ops[i].forwardGroup) {
                const bool gathers = layer->gathersForward(pass);
                beginGroup(i, Step::Work::GatherForward, gathers);
                if (gathers) layer->endGatherForward(pass);
            }
            const LayerTimes::Stopwatch watch(times, LayerTimes::kAll, i, kForward);
            layer->beginForward(pass);
            steps.push_back({i, Step::Work::Forward});
        }
        group = program.ops[i].forwardGroup;
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
        int group = -1;
        for (std::size_t i = calls.size(); i-- > 1;) {
            if (!program.ops[i].wantsGrad) continue;
            if (program.ops[i].plan.activityRegularizer) {
                finishSteps();
                addPenaltyGradientOf(i);
            }
            Call& call = calls[i];
            if (!call.layer) {
                throughView(i);
                continue;
            }
            Pass& pass = preparePass(i);
            pass.gradSkipsSoftmax = skipSoftmax && i + 1 == calls.size();
            ChunkedLayer* const layer = call.chunked != nullptr && call.chunked->backwardByChunks(pass) ? call.chunked : nullptr;
            if (layer == nullptr) {
                finishSteps();
                const LayerTimes::Stopwatch watch(times, LayerTimes::kAll, i, kBackward);
                call.layer->backward(pass);
                addAllExtras(i);
            } else {
                if (group != program.ops[i].backwardGroup) {
                    const bool gathers = layer->gathersBackward(pass);
                    beginGroup(i, Step::Work::GatherBackward, gathers);
                    if (gathers) layer->endGatherBackward(pass);
                }
                const LayerTimes::Stopwatch watch(times, LayerTimes::kAll, i, kBackward);
                layer->beginBackward(pass);
                steps.push_back({i, Step::Work::Backward});
            }
            group = program.ops[i].backwardGroup;
        }
        finishSteps();
    }

    /// A view's gradient has the bytes of its input's, unless that has other consumers too.
    void throughView(std::size_t i) {
        const Call& call = calls[i];
        float* to = call.inputGrads[0].data;
        if (to == nullptr || to == call.outputGrad.data) return;
        finishSteps();
        std::memcpy(to, call.outputGrad.data, static_cast<std::size_t>(samples * call.outputGrad.count) * sizeof(float));
        addAllExtras(i);
    }

    /// Adds what an op has written beside its producers' gradients to them, for the samples of one chunk.
    void addExtras(std::size_t i, std::int64_t chunk) {
        const Program::Op& op = program.ops[i];
        const ChunkRange r = chunkRange(samples, batchChunks(samples), chunk);
        for (std::size_t k = 0; k < op.inputs.size(); ++k) {
            if (!op.gradIsExtra[k]) continue;
            const Tensor& extra = calls[i].inputGrads[k];
            math::accumulate(r.size * extra.count, extra.sample(r.first),
                             calls[static_cast<std::size_t>(op.inputs[k])].outputGrad.sample(r.first));
        }
    }
    void addAllExtras(std::size_t i) {
        if (std::ranges::find(program.ops[i].gradIsExtra, true) == program.ops[i].gradIsExtra.end()) return;
        workers.run(batchChunks(samples), [&](std::int64_t chunk, int) { addExtras(i, chunk); });
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
    std::vector<Step> steps;
    std::int64_t sharedUsed = 0, chunkUsed = 0; ///< floats of the scratch that belong to the steps gathered so far
    LayerTimes times;
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

std::optional<NodeId> Network::firstNotFinite() {
    return m_impl->firstNotFinite();
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
    m_impl->times.start(m_impl->calls.size(), m_impl->workers.count());
}

std::vector<Network::LayerTime> Network::times() const {
    std::vector<LayerTime> times;
    for (std::size_t i = 0; m_impl->times.on() && i < m_impl->calls.size(); ++i) {
        const LayerTimes::Passes passes = m_impl->times.of(i);
        times.push_back({m_impl->program.ops[i].node, passes.forward, passes.backward});
    }
    return times;
}

std::int64_t Network::memoryBytes() const {
    return m_impl->program.bytes(m_impl->workers.count(), m_impl->options.training);
}

} // namespace strata
