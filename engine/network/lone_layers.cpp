// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/lone_layers.h"

#include "engine/network/memory_refusal.h"
#include "engine/core/memory.h"
#include "engine/core/said.h"
#include "engine/graph/flatten.h"
#include "engine/layers/sizes.h"
#include "engine/network/runner.h"
#include "engine/schema/param_json.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double kEnoughSeconds = 0.02; ///< of one pass, over all its repetitions
constexpr int kFewestRuns = 3, kMostRuns = 15;
constexpr std::int64_t kMostMacs = 4'000'000'000; ///< of one pass
constexpr std::int64_t kMostFloats = 64 << 20;    ///< of a layer's arrays

/// The buffers that one op touches.
std::vector<int> buffersOf(const Program& program, std::size_t i) {
    const Program::Op& op = program.ops[i];
    const auto at = [&](int k) -> const Program::Op& { return program.ops[static_cast<std::size_t>(k)]; };
    std::vector<int> touched{op.output, op.outputGrad, op.saved, op.savedBatch};
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
        touched.push_back(at(op.inputs[k]).output);
        touched.push_back(op.inputGrads[k]);
        if (op.gradIsExtra[k]) touched.push_back(at(op.inputs[k]).outputGrad);
    }
    for (const int from : op.mapsFrom) {
        if (from != Program::kNone) touched.push_back(at(from).savedBatch);
    }
    if (op.gradientMapFrom != Program::kNone) touched.push_back(at(op.gradientMapFrom).savedBatch);
    std::ranges::sort(touched);
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    std::erase(touched, Program::kNone);
    return touched;
}

/// The same program with room for the arrays of one op only. requires: made for training
Program isolated(Program program, std::size_t i) {
    const Program::Op& op = program.ops[i];
    program.memory.total = 0;
    for (const int b : buffersOf(program, i)) {
        program.memory.offsets[static_cast<std::size_t>(b)] = program.memory.total;
        program.memory.total += alignedFloats(program.buffers[static_cast<std::size_t>(b)].floats);
    }
    std::erase_if(program.slots, [&](const Network::Slot& s) { return s.node != op.node; });
    program.parameterFloats = program.trainableFloats = 0;
    for (Network::Slot& slot : program.slots) { // those that are trained come first
        slot.offset = program.parameterFloats;
        program.parameterFloats += alignedFloats(slot.count);
        if (slot.trained) program.trainableFloats = program.parameterFloats;
    }
    program.sharedScratch = alignedFloats(op.plan.sharedScratch);
    program.scratchPerWorker = alignedFloats(op.plan.scratchPerWorker);
    program.chunkScratch = alignedFloats(op.plan.scratchPerChunk) * program.chunks;
    return program;
}

/// Two layers with the same words take the same time.
std::string wordsOf(const Program& program, std::size_t i, std::int64_t batch, int workers) {
    const Program::Op& op = program.ops[i];
    std::string words = fmt::format("{} {} {} {}", op.type->schema.id, toJson(op.params).dump(), batch, workers);
    for (const Shape& shape : op.inputShapes) words += " " + shape.text();
    const bool alone = op.output != program.ops[static_cast<std::size_t>(op.inputs[0])].output;
    words += fmt::format(" {:d}{:d}{:d}{:d}{:d}{:d}{:d}{:d}", op.trainable, op.wantsGrad, op.relu, alone, op.leavesOutput, op.leavesInputGrad,
                         op.addsGradient, op.gradientMapFrom != Program::kNone);
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
        const bool mapped = k < op.mapsFrom.size() && op.mapsFrom[k] != Program::kNone;
        words += fmt::format(" {:d}{:d}{:d}{:d}", op.inputGrads[k] != Program::kNone, op.inputGrads[k] == op.outputGrad, op.gradIsExtra[k],
                             mapped ? 1 + program.ops[static_cast<std::size_t>(op.mapsFrom[k])].relu : 0);
    }
    return words;
}

/// Small values of both signs.
void fillWithNoise(float* to, std::int64_t count) {
    constexpr std::int64_t kPattern = 1021;
    static const std::array<float, kPattern> pattern = [] {
        std::array<float, kPattern> values{};
        Rng rng({5, 6, 7, 8});
        for (float& v : values) v = 0.2F * rng.uniform() - 0.08F;
        return values;
    }();
    for (std::int64_t done = 0; done < count; done += kPattern) std::copy_n(pattern.begin(), std::min(kPattern, count - done), to + done);
}

/// In a network a layer finds the caches full of what others did, and the workers awake.
class OtherWork {
public:
    OtherWork(std::int64_t floats, Workers& workers) : m_values(static_cast<std::size_t>(std::min(floats, kMostOthers))), m_workers(workers) {}
    void run() {
        m_workers.run(m_workers.count(), [this](std::int64_t chunk, int) {
            const ChunkRange r = chunkRange(std::ssize(m_values), m_workers.count(), chunk);
            for (std::int64_t i = r.first; i < r.first + r.size; i += 16) m_values[static_cast<std::size_t>(i)] += 1;
        });
    }

private:
    static constexpr std::int64_t kMostOthers = 2 << 20; ///< more than the second caches hold
    std::vector<float> m_values;
    Workers& m_workers;
};

/// The mean of some runs, each after `prepare` and others' work; the first does not count. The mean, not the best: an
/// epoch has the machine's bad moments too.
template <class Prepare, class Run>
double meanSeconds(OtherWork& others, const Prepare& prepare, const Run& run) {
    double sum = 0;
    int runs = -1;
    for (; runs < kFewestRuns || (sum < kEnoughSeconds && runs < kMostRuns); ++runs) {
        prepare();
        others.run();
        const Clock::time_point start = Clock::now();
        run();
        if (runs >= 0) sum += std::chrono::duration<double>(Clock::now() - start).count();
    }
    return sum / runs;
}

/// Values go bad when they are worked on in place again and again.
void refill(const Tensor& tensor, std::int64_t samples) {
    if (tensor.data != nullptr) fillWithNoise(tensor.data, samples * tensor.count);
}

PassSeconds measure(Program alone, std::size_t i, const CompileOptions& options, OtherWork& others, Workers& workers) {
    Runner runner(std::move(alone), options, workers, i);
    Runner::Call& call = runner.calls[i];
    if (!call.layer) return {};
    for (const Arena* arena : {&runner.activations, &runner.parameters})
        fillWithNoise(arena->data(), static_cast<std::int64_t>(arena->size()));
    runner.samples = options.batch;
    const auto prepareForward = [&] {
        for (const Tensor& input : call.inputs) refill(input, options.batch);
    };
    PassSeconds seconds;
    runner.training = false;
    seconds.inference = meanSeconds(others, prepareForward, [&] { runner.forwardAlone(i); });
    runner.training = true;
    seconds.forward = meanSeconds(others, prepareForward, [&] { runner.forwardAlone(i); });
    if (runner.program.ops[i].wantsGrad)
        seconds.backward = meanSeconds(others, [&] { refill(call.outputGrad, options.batch); }, [&] { runner.backwardAlone(i); });
    return seconds;
}

/// A batch of which no layer takes long or much.
Result<std::int64_t> shortBatch(const ModelGraph& graph, const CompileOptions& options) {
    Result<Program> program = makeProgram(graph, options);
    if (!program) return program.error();
    std::int64_t batch = options.batch;
    for (const Program::Op& op : program->ops) {
        std::int64_t floats = 2 * op.plan.output.count() + op.plan.savedPerSample;
        for (const Shape& shape : op.inputShapes) floats += 2 * shape.count();
        batch = std::min(batch, kMostFloats / std::max<std::int64_t>(floats, 1));
        batch = std::min(batch, kMostMacs / std::max<std::int64_t>(op.plan.macs, 1));
    }
    return std::max<std::int64_t>(batch, 1);
}

} // namespace

std::optional<PassSeconds> LoneLayers::known(const std::string& key) {
    const std::lock_guard lock(m_mutex);
    const auto it = m_known.find(key);
    return it == m_known.end() || it->second.round != m_round ? std::nullopt : std::optional(it->second.seconds);
}

PassSeconds LoneLayers::remember(const std::string& key, const PassSeconds& measured) {
    const std::lock_guard lock(m_mutex);
    const auto [it, fresh] = m_known.try_emplace(key, Known{measured, m_round});
    PassSeconds& least = it->second.seconds;
    least = {std::min(least.forward, measured.forward), std::min(least.backward, measured.backward), std::min(least.inference, measured.inference)};
    it->second.round = m_round;
    return least;
}

void LoneLayers::measureAgain() {
    const std::lock_guard lock(m_mutex);
    ++m_round;
}

Result<NetworkSeconds> LoneLayers::sum(const ModelGraph& graph, const CompileOptions& wanted, Workers& workers, const std::stop_token& stop) {
    Result<std::int64_t> batch = shortBatch(graph, wanted);
    if (!batch) return batch.error();
    CompileOptions options = wanted;
    options.batch = *batch;
    Result<Program> program = makeProgram(graph, options);
    if (!program) return program.error();
    OtherWork others(program->memory.total + program->parameterFloats, workers);
    const auto samples = static_cast<double>(options.batch);
    NetworkSeconds sum;
    for (std::size_t i = 1; i < program->ops.size(); ++i) {
        if (program->ops[i].isView) continue;
        if (stop.stop_requested()) return failure("stopped", said("The measurement was stopped."));
        const std::string key = wordsOf(*program, i, options.batch, workers.count());
        std::optional<PassSeconds> seconds = known(key);
        if (!seconds) {
            Program alone = isolated(*program, i);
            const std::int64_t needed = alone.bytes(workers.count(), true), half = availableMemory() / 2;
            if (needed > half) return memoryRefusal(said("Measuring one {}", program->ops[i].type->schema.id), {static_cast<double>(needed), options.batch, half});
            seconds = remember(key, measure(std::move(alone), i, options, others, workers));
        }
        for (PassSeconds* to : {static_cast<PassSeconds*>(&sum), &sum.layers[cardOf(program->ops[i].node)]}) {
            to->forward += seconds->forward / samples;
            to->backward += seconds->backward / samples;
            to->inference += seconds->inference / samples;
        }
    }
    return sum;
}

} // namespace strata
