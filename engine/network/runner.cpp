// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/runner.h"

#include "engine/layers/regularizers.h"
#include "engine/layers/sizes.h"
#include "engine/math/elementwise.h"
#include "engine/math/reductions.h"

#include <algorithm>
#include <cstring>

namespace strata {
namespace {

constexpr double LayerTimes::Passes::* kForward = &LayerTimes::Passes::forward;
constexpr double LayerTimes::Passes::* kBackward = &LayerTimes::Passes::backward;

Tensor tensor(float* data, const Shape& shape) {
    return {data, shape, shape.count()};
}

std::span<float> samplesOf(const Tensor& t, const ChunkRange& r) {
    return {t.sample(r.first), static_cast<std::size_t>(r.size * t.count)};
}

} // namespace

Runner::Runner(Program made, const CompileOptions& compileOptions, Workers& pool, std::size_t only)
    : program(std::move(made)), options(compileOptions), workers(pool), activations(program.memory.total),
      parameters(program.parameterFloats), gradients(options.training ? program.trainableFloats : 0),
      sharedScratch(program.sharedScratch), workerScratch(program.scratchPerWorker * pool.count()),
      chunkScratch(program.chunkScratch) {
    calls.resize(program.ops.size());
    m_partialPenalties.resize(static_cast<std::size_t>(program.chunks));
    m_steps.reserve(2 * calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) prepareCall(i, only);
}

Runner::~Runner() = default;

float* Runner::buffer(int index) const {
    return index == Program::kNone ? nullptr
                                   : activations.data() + program.memory.offsets[static_cast<std::size_t>(index)];
}

void Runner::prepareCall(std::size_t i, std::size_t only) {
    const Program::Op& op = program.ops[i];
    Call& call = calls[i];
    if (i > 0 && !op.isView && (only == kAllOps || i == only)) call.layer = createLayer(*op.type, op.params, op.inputShapes);
    if (op.plan.byChunks) call.chunked = dynamic_cast<ChunkedLayer*>(call.layer.get());
    call.output = tensor(buffer(op.output), op.plan.output);
    call.outputGrad = tensor(buffer(op.outputGrad), op.plan.output);
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
        call.inputs.push_back(tensor(buffer(program.ops[static_cast<std::size_t>(op.inputs[k])].output), op.inputShapes[k]));
        call.inputGrads.push_back(tensor(options.training ? buffer(op.inputGrads[k]) : nullptr, op.inputShapes[k]));
    }
    call.weights.resize(op.plan.weights.size());
    call.weightGrads.resize(op.plan.weights.size());
    for (const Network::Slot& slot : program.slots) {
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
void Runner::prepareMaps(std::size_t i) {
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
Pass& Runner::preparePass(std::size_t i) {
    const Program::Op& op = program.ops[i];
    const std::int64_t shared = alignedFloats(op.plan.sharedScratch);
    const std::int64_t perChunk = alignedFloats(op.plan.scratchPerChunk);
    if (m_sharedUsed + shared > program.sharedScratch || m_chunkUsed + perChunk * program.chunks > program.chunkScratch) finishSteps();
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
    pass.leavesReluGradient = op.leavesReluGradient;
    pass.takesReluGradient = op.takesReluGradient;
    pass.inputs = call.inputs;
    pass.output = call.output;
    pass.inputGrads = call.inputGrads;
    pass.outputGrad = call.outputGrad;
    pass.weights = call.weights;
    pass.weightGrads = call.weightGrads;
    pass.saved = call.saved;
    pass.savedBatch = call.savedBatch;
    pass.savedPerSample = op.plan.savedPerSample;
    pass.sharedScratch = sharedScratch.data() + m_sharedUsed;
    pass.workerScratch = workerScratch.data();
    pass.chunkScratch = chunkScratch.data() + m_chunkUsed;
    pass.scratchPerWorker = program.scratchPerWorker;
    pass.scratchPerChunk = perChunk;
    pass.workers = &workers;
    m_sharedUsed += shared;
    m_chunkUsed += perChunk * program.chunks;
    return pass;
}

void Runner::runStep(const Step& todo, std::int64_t chunk, int worker) {
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
void Runner::finishSteps() {
    if (!m_steps.empty()) {
        workers.run(batchChunks(samples), [&](std::int64_t chunk, int worker) {
            for (const Step& todo : m_steps) {
                const LayerTimes::Stopwatch watch(times, worker, todo.op, todo.isForward() ? kForward : kBackward);
                runStep(todo, chunk, worker);
            }
        });
    }
    for (const Step& todo : m_steps) {
        if (todo.work != Step::Work::Backward) continue;
        const LayerTimes::Stopwatch watch(times, LayerTimes::kAll, todo.op, kBackward);
        calls[todo.op].chunked->endBackward(calls[todo.op].pass);
    }
    m_steps.clear();
    m_sharedUsed = m_chunkUsed = 0;
}

/// Begins a group with layer i, whose pass is prepared: what was gathered before is done, the scratch of i stays.
void Runner::beginGroup(std::size_t i, Step::Work gather, bool gathers) {
    const std::int64_t shared = m_sharedUsed;
    const std::int64_t chunk = m_chunkUsed;
    if (gathers) m_steps.push_back({i, gather});
    finishSteps();
    m_sharedUsed = shared;
    m_chunkUsed = chunk;
}

void Runner::forward() {
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

bool Runner::weightsAreFinite(std::size_t i) const {
    const std::vector<WeightSpec>& specs = program.ops[i].plan.weights;
    for (std::size_t w = 0; w < specs.size(); ++w) {
        if (!math::allFinite(specs[w].count(), calls[i].weights[w])) return false;
    }
    return true;
}

bool Runner::outputIsFinite(std::size_t i) const {
    const Program::Op& op = program.ops[i];
    // What it left for its reader to do is a factor and a summand for each channel.
    if (op.leavesOutput) return math::allFinite(2 * op.plan.output[-1], buffer(op.savedBatch));
    return math::allFinite(samples * calls[i].output.count, calls[i].output.data);
}

bool Runner::trainedAreFinite(std::size_t i, std::vector<float*> Call::*arrays) const {
    const std::vector<WeightSpec>& specs = program.ops[i].plan.weights;
    for (std::size_t w = 0; w < specs.size(); ++w) {
        if (calls[i].weightGrads[w] == nullptr) continue; // nothing updates it
        if (!math::allFinite(specs[w].count(), (calls[i].*arrays)[w])) return false;
    }
    return true;
}

/// Gradients come from the output: the first one on that way that is not finite made those behind it so. Where all are
/// finite the step was too long, for all layers at once; then it is the first one that the data passes.
std::optional<std::size_t> Runner::firstSpoiledByUpdate() const {
    std::optional<std::size_t> first;
    for (std::size_t i = calls.size(); i-- > 1;) {
        if (trainedAreFinite(i, &Call::weights)) continue;
        if (!trainedAreFinite(i, &Call::weightGrads)) return i;
        first = i;
    }
    return first;
}

std::optional<NodeId> Runner::firstNotFinite() {
    if (const std::optional<std::size_t> i = firstSpoiledByUpdate()) return program.ops[*i].node;
    for (std::size_t i = 1; i < calls.size(); ++i) {
        if (!weightsAreFinite(i)) return program.ops[i].node;
        if (!calls[i].layer) continue;
        forwardAlone(i);
        if (!outputIsFinite(i)) return program.ops[i].node;
    }
    return std::nullopt;
}

/// `group`: that of the layer before; becomes that of i.
void Runner::forwardOf(std::size_t i, int& group) {
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
        m_steps.push_back({i, Step::Work::Forward});
    }
    group = program.ops[i].forwardGroup;
}

/// Chunk by chunk, added in their order, so the number of threads does not matter.
double Runner::penaltyOf(std::size_t i) {
    const std::int64_t chunks = batchChunks(samples);
    const Tensor& output = calls[i].output;
    workers.run(chunks, [&](std::int64_t chunk, int) {
        const ChunkRange r = chunkRange(samples, chunks, chunk);
        m_partialPenalties[static_cast<std::size_t>(chunk)] = penalty(*program.ops[i].plan.activityRegularizer,
                                                                    samplesOf(output, r));
    });
    double sum = 0;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk)
        sum += m_partialPenalties[static_cast<std::size_t>(chunk)];
    return sum / static_cast<double>(samples);
}

void Runner::addPenaltyGradientOf(std::size_t i) {
    const std::int64_t chunks = batchChunks(samples);
    const Call& call = calls[i];
    workers.run(chunks, [&](std::int64_t chunk, int) {
        const ChunkRange r = chunkRange(samples, chunks, chunk);
        addPenaltyGradient(*program.ops[i].plan.activityRegularizer, samplesOf(call.output, r),
                           samplesOf(call.outputGrad, r), 1 / static_cast<double>(samples));
    });
}

void Runner::backward(bool skipSoftmax) {
    int group = -1;
    for (std::size_t i = calls.size(); i-- > 1;) {
        if (program.ops[i].wantsGrad) backwardOf(i, skipSoftmax, group);
    }
    finishSteps();
}

/// `group`: that of the op that came before in this direction; becomes that of i.
void Runner::backwardOf(std::size_t i, bool skipSoftmax, int& group) {
    if (program.ops[i].plan.activityRegularizer) {
        finishSteps();
        addPenaltyGradientOf(i);
    }
    Call& call = calls[i];
    if (!call.layer) return throughView(i);
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
        m_steps.push_back({i, Step::Work::Backward});
    }
    group = program.ops[i].backwardGroup;
}

void Runner::forwardAlone(std::size_t op) {
    int group = -1;
    forwardOf(op, group);
    finishSteps();
}

void Runner::backwardAlone(std::size_t op) {
    int group = -1;
    backwardOf(op, false, group);
    finishSteps();
}

/// A view's gradient has the bytes of its input's, unless that has other consumers too.
void Runner::throughView(std::size_t i) {
    const Call& call = calls[i];
    float* to = call.inputGrads[0].data;
    if (to == nullptr || to == call.outputGrad.data) return;
    finishSteps();
    std::memcpy(to, call.outputGrad.data, static_cast<std::size_t>(samples * call.outputGrad.count) * sizeof(float));
    addAllExtras(i);
}

/// Adds what an op has written beside its producers' gradients to them, for the samples of one chunk.
void Runner::addExtras(std::size_t i, std::int64_t chunk) {
    const Program::Op& op = program.ops[i];
    const ChunkRange r = chunkRange(samples, batchChunks(samples), chunk);
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
        if (!op.gradIsExtra[k]) continue;
        const Tensor& extra = calls[i].inputGrads[k];
        math::accumulate(r.size * extra.count, extra.sample(r.first),
                         calls[static_cast<std::size_t>(op.inputs[k])].outputGrad.sample(r.first));
    }
}
void Runner::addAllExtras(std::size_t i) {
    if (std::ranges::find(program.ops[i].gradIsExtra, true) == program.ops[i].gradIsExtra.end()) return;
    workers.run(batchChunks(samples), [&](std::int64_t chunk, int) { addExtras(i, chunk); });
}

const Network::Slot* Runner::slotOf(NodeId node, int index) const {
    const auto it = std::ranges::find_if(program.slots, [&](const Network::Slot& s) { return s.node == node && s.index == index; });
    return it == program.slots.end() ? nullptr : &*it;
}
std::size_t Runner::opOf(NodeId node) const {
    const auto it = std::ranges::find_if(program.ops, [&](const Program::Op& op) { return op.node == node; });
    return static_cast<std::size_t>(it - program.ops.begin());
}

} // namespace strata
