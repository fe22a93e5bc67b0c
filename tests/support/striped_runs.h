// SPDX-License-Identifier: GPL-3.0-or-later
// Short runs over stripes, for the tests of what is kept of a run.
#pragma once

#include "engine/data/split.h"
#include "engine/interop/run_document.h"
#include "engine/interop/run_record.h"
#include "engine/training/evaluate.h"
#include "engine/training/recipe.h"
#include "engine/training/training_run.h"
#include "tests/support/graph_dsl.h"
#include "tests/support/stripes.h"

#include <QtGlobal>

namespace strata::test {

inline constexpr const char* kNet = "Input 8x8x1 > Conv2D filters=4 kernel_size=3 activation=relu > BatchNormalization > "
                   "MaxPooling2D > Dropout rate=0.2 > Flatten > Dense units=3 activation=softmax";

struct Watcher final : RunObserver {
    std::int64_t stopAt = -1;
    std::int64_t asked = 0;
    std::vector<RateChange> rates; ///< set there
    std::size_t given = 0; ///< of them
    void event(TrainEvent) override {}
    bool mayGoOn() override { return asked++ != stopAt; }
    std::optional<double> newLearningRate(std::int64_t epoch, std::int64_t done) override {
        if (given == rates.size() || rates[given].epoch != epoch || rates[given].batches != done) return {};
        return rates[given++].rate;
    }
    bool weightsWanted() override { return false; }
    void weights(LiveWeights) override {}
};

inline DataSource source(std::uint64_t seed = 1) {
    DataSource out;
    out.train = stripes(150, seed);
    out.fingerprint = fingerprint(out.train.get(), nullptr);
    return out;
}

inline DocumentState document(const std::string& optimizer, const char* net = kNet) {
    DocumentState state;
    state.graph = graphFrom(net);
    state.data.source = "stripes";
    state.training.optimizer = *makeOptimizer(optimizer, 0.01, {});
    state.training.loss = defaultLoss(state.graph);
    state.training.batchSize = 16;
    state.training.epochs = 3;
    state.training.validationSplit = 0.2;
    return state;
}

inline RunOrigin originOf(const DocumentState& state, const DataSource& data) {
    return {state.graph, state.training, data.fingerprint, 0, data.train->classNames(), state.trained};
}

inline TrainingJob jobOf(const DocumentState& state, const DataSource& data) {
    TrainingJob job = continuedJob(state.trained, state.graph, state.training.seed);
    job.graph = state.graph;
    job.settings = state.training;
    job.settings.threads = 2;
    if (!giveData(job, data, state.data, 0)) qFatal("no data");
    return job;
}

/// The document after a run that was stopped at its n-th question (-1: never).
inline DocumentState trainedDocument(const std::string& optimizer, std::int64_t stopAt) {
    DocumentState state = document(optimizer);
    Watcher watcher;
    watcher.stopAt = stopAt;
    const RunEnded end = runTraining(jobOf(state, source()), watcher);
    state.trained = trainedBy(originOf(state, source()), end, {{1, 0.5, 0.25, 0.75, 0.5}});
    return state;
}

inline RunRecord recordOf(const DocumentState& begun, const RunEnded& end) {
    RunRecord record;
    record.name = "stripes net.keras";
    record.document = begun;
    record.dataFingerprint = source().fingerprint;
    record.outcome = end.outcome == RunOutcome::Stopped ? "stopped" : "finished";
    record.endEpoch = end.state->epoch;
    record.endBatches = end.state->batches;
    record.rates = end.rates;
    record.history = {{1, 0.5, 0.25, {}, {}}};
    record.weightsHash = end.weights->fingerprint();
    return record;
}

} // namespace strata::test
