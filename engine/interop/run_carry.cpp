// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/flatten.h"
#include "engine/interop/run_document.h"
#include "engine/network/network.h"
#include "engine/training/evaluate.h"
#include "engine/training/parameter_update.h"

#include <cassert>

namespace strata {
namespace {

std::optional<Shape> outputOf(const ModelGraph& graph) {
    const GraphReport report = analyse(graph);
    const NodeReport* last = report.outputs.empty() ? nullptr : report.find(report.outputs.front());
    return last == nullptr ? std::nullopt : std::optional(last->plan.output);
}

/// Where the run stands, with a network that has its weights already.
RunState carriedState(const RunState& before, Network& network, const TypedParams& optimizer, bool sameOutput) {
    RunState out;
    out.firstEpoch = before.firstEpoch;
    out.epoch = before.epoch;
    out.batches = before.batches;
    out.weights = network.snapshot();
    Workers workers(1);
    ParameterUpdate update(optimizer, {}, network, workers);
    const bool whole = update.load(before.optimizer);
    out.optimizer = update.state();
    out.optimizer.learningRate = before.optimizer.learningRate; // a callback may have changed it
    for (const auto& [name, values] : before.values) {
        const bool ofTheNetwork = name == "best" || name.starts_with("callback_");
        const bool ofTheOutput = name.starts_with("metric_");
        if (!ofTheNetwork && (sameOutput || !ofTheOutput)) out.values[name] = values;
    }
    // The schedule goes on where it was, also with an optimiser that begins anew.
    if (!whole) out.values["schedule"] = {static_cast<double>(scheduleStart(before) - before.optimizer.iterations)};
    return out;
}

} // namespace

bool isCarriedOver(const TrainedState& trained, const ModelGraph& drawing) {
    return !trained.trainedGraph.empty() && !sameNetwork(trained.trainedGraph, drawing);
}

TrainingJob continuedJob(const std::shared_ptr<const TrainedState>& trained, const ModelGraph& drawing, std::uint64_t seed) {
    TrainingJob job;
    job.graph = drawing;
    if (!trained) return job;
    job.startWeights = isCarriedOver(*trained, drawing)
                           ? std::make_shared<const Weights>(carryOver(trained->weights, trained->trainedGraph, drawing, seed).weights)
                           : std::shared_ptr<const Weights>(trained, &trained->weights);
    job.startOptimizer = trained->optimizer;
    job.firstEpoch = trained->history.empty() ? 0 : trained->history.back().epoch;
    return job;
}

std::vector<CarryNote> notesOnGoingOn(const TrainedState& trained, const ModelGraph& drawing) {
    return isCarriedOver(trained, drawing) ? carryNotes(trained.trainedGraph, drawing) : std::vector<CarryNote>();
}

Result<CarriedRun> carryRun(const TrainedState& trained, const ModelGraph& drawing, const Shape& sample) {
    assert(trained.stopped);
    const StoppedRun& run = *trained.stopped;
    const Result<TypedParams> optimizer = checkOptimizer(run.settings.optimizer);
    if (!optimizer) return optimizer.error();
    Workers workers(1);
    Result<std::unique_ptr<Network>> network = Network::compile(
        withInputShape(drawing, sample), {.batch = 1, .training = true, .seed = run.settings.seed}, workers);
    if (!network) return network.error();
    CarriedWeights carried = carryOver(run.state.weights, trained.trainedGraph, drawing, run.settings.seed);
    (*network)->load(carried.weights);

    const bool sameOutput = outputOf(withInputShape(trained.trainedGraph, sample)) == (*network)->outputShape();
    auto out = std::make_shared<TrainedState>();
    StoppedRun stopped{carriedState(run.state, **network, *optimizer, sameOutput), run.settings, run.dataFingerprint, run.limit};
    out->weights = stopped.state.weights;
    for (const auto& [id, arrays] : trained.weights.nodes) // of cards that are not in the drawing just now
        out->weights.nodes.emplace(id, arrays);
    out->history = trained.history;
    out->batches = trained.batches;
    out->classNames = trained.classNames;
    out->trainedGraph = drawing;
    out->optimizer = std::make_shared<const OptimizerState>(stopped.state.optimizer);
    out->stopped = std::make_shared<const StoppedRun>(std::move(stopped));
    return CarriedRun{std::move(out), std::move(carried.notes)};
}

} // namespace strata
