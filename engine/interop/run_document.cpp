// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/run_document.h"

#include "engine/interop/data_choice.h"
#include "engine/interop/keras_archive.h"

#include "engine/training/schedule.h"

#include <cassert>

namespace strata {
namespace {

std::shared_ptr<TrainedState> stateOf(const RunOrigin& origin, const Weights& weights,
                                      std::vector<HistoryPoint> history) {
    auto out = std::make_shared<TrainedState>();
    out->weights = weights;
    // Weights of cards that are not in the drawing just now come back with their cards.
    if (origin.before) {
        for (const auto& [id, arrays] : origin.before->weights.nodes)
            out->weights.nodes.emplace(id, arrays);
    }
    out->history = std::move(history);
    if (origin.before) out->batches = origin.before->batches;
    out->classNames = origin.classNames;
    out->trainedGraph = origin.graph;
    return out;
}

/// The curve up to now: that of before, and the epochs since.
std::vector<HistoryPoint> curveWith(const RunOrigin& origin, std::span<const EpochDone> done) {
    std::vector<HistoryPoint> history = origin.before ? origin.before->history : std::vector<HistoryPoint>();
    for (const EpochDone& epoch : done)
        history.push_back(historyPoint(epoch));
    return history;
}

/// From 1; 0: none is.
std::int64_t bestOf(const RunOrigin& origin, std::span<const EpochDone> done) {
    std::int64_t best = origin.before && origin.before->stopped ? origin.before->bestEpoch : 0;
    for (const EpochDone& epoch : done) {
        if (epoch.best) best = epoch.epoch + 1;
    }
    return best;
}

std::shared_ptr<const StoppedRun> stoppedRun(const RunOrigin& origin, const RunState& state) {
    StoppedRun run{state, origin.settings, origin.dataFingerprint, origin.limit};
    if (const std::optional<double> rate = rateGiven(state)) run.settings.optimizer.params["learning_rate"] = *rate;
    return std::make_shared<const StoppedRun>(std::move(run));
}

} // namespace

HistoryPoint historyPoint(const EpochDone& done) {
    return {.epoch = done.epoch + 1,
            .loss = done.loss,
            .accuracy = done.accuracy,
            .validationLoss = done.validationLoss,
            .validationAccuracy = done.validationAccuracy,
            .learningRate = done.learningRate,
            .metrics = done.metrics};
}

std::shared_ptr<TrainedState> trainedBy(const RunOrigin& origin, const RunEnded& end,
                                        std::vector<HistoryPoint> history) {
    assert(end.weights);
    std::shared_ptr<TrainedState> out = stateOf(origin, *end.weights, std::move(history));
    if (end.bestEpoch) out->bestEpoch = *end.bestEpoch + 1;
    if (end.state) {
        out->optimizer = std::make_shared<const OptimizerState>(end.state->optimizer);
        if (end.outcome == RunOutcome::Stopped) out->stopped = stoppedRun(origin, *end.state);
    }
    return out;
}

std::shared_ptr<TrainedState> trainedAt(const RunOrigin& origin, const RunState& state,
                                        std::span<const EpochDone> done) {
    const bool best = !state.best.nodes.empty();
    std::shared_ptr<TrainedState> out = stateOf(origin, best ? state.best : state.weights, curveWith(origin, done));
    if (const auto b = state.values.find("best"); best && b != state.values.end() && b->second.size() == 2)
        out->bestEpoch = static_cast<std::int64_t>(b->second[1]) + 1;
    out->optimizer = std::make_shared<const OptimizerState>(state.optimizer);
    out->stopped = stoppedRun(origin, state);
    return out;
}

SaveNetwork networkSaver(DocumentState document, RunOrigin origin) {
    return [document = std::move(document), origin = std::move(origin)](const std::string& path, bool weightsOnly,
                                                                        const NetworkNow& now) -> Result<> {
        DocumentState state = document;
        state.graph = origin.graph;
        state.training = origin.settings;
        const std::shared_ptr<TrainedState> trained = stateOf(origin, now.weights, curveWith(origin, now.done));
        trained->bestEpoch = bestOf(origin, now.done);
        trained->optimizer = std::make_shared<const OptimizerState>(now.optimizer);
        state.trained = trained;
        if (weightsOnly) return saveKerasWeights(state, path);
        const Result<SaveReport> saved = saveDocument(state, path);
        return saved ? Result<>() : saved.error();
    };
}

TrainingJob resumedJob(const std::shared_ptr<const TrainedState>& trained) {
    assert(trained && trained->stopped);
    TrainingJob job;
    job.graph = trained->trainedGraph;
    job.settings = trained->stopped->settings;
    job.startWeights = std::shared_ptr<const Weights>(trained, &trained->weights);
    job.firstEpoch = trained->stopped->state.firstEpoch;
    job.resume = std::shared_ptr<const RunState>(trained->stopped, &trained->stopped->state);
    return job;
}

TrainingSettings asStopped(TrainingSettings settings, const StoppedRun& run) {
    if (!settings.schedule || !run.settings.schedule || settings.schedule->id != run.settings.schedule->id) return settings;
    for (const char* key : kScheduleLengths) {
        if (const auto length = run.settings.schedule->params.find(key); length != run.settings.schedule->params.end())
            settings.schedule->params.insert(*length);
    }
    return settings;
}

std::shared_ptr<const TrainedState> compiledAnew(const std::shared_ptr<const TrainedState>& trained) {
    assert(trained);
    auto out = std::make_shared<TrainedState>(*trained);
    out->optimizer.reset();
    out->stopped.reset();
    return out;
}

Result<TrainingJob> makeJob(const DocumentState& state, const DataSource& source, bool resumes, std::int64_t first) {
    TrainingJob job = resumes ? resumedJob(state.trained) : continuedJob(state.trained, state.graph, state.training.seed);
    job.graph = state.graph;
    job.settings = resumes ? asStopped(state.training, *state.trained->stopped) : state.training;
    if (Result<> given = giveData(job, source, state.data, first); !given) return given.error();
    return job;
}

Result<> giveData(TrainingJob& job, const DataSource& source, const DataChoice& choice, std::int64_t first) {
    const auto data = first > 0 ? limit(source.train, first) : source.train;
    Result<ValidationSplit> split = validationSplit(data, job.settings.validationSplit);
    if (!split) return split.error();
    takeParts(job, std::move(*split), choice);
    return {};
}

void takeParts(TrainingJob& job, ValidationSplit parts, const DataChoice& choice) {
    job.train = std::move(parts.train);
    job.validation = std::move(parts.validation);
    job.scaling = scalingOf(choice, job.graph);
    if (job.settings.schedule && !job.resume) job.settings.schedule = overSteps(*job.settings.schedule, runSteps(job.settings, job.train->size()));
}

} // namespace strata
