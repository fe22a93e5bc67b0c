// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/data/dataset.h"
#include "engine/data/scaling.h"
#include "engine/graph/model_graph.h"
#include "engine/network/weights.h"
#include "engine/training/run_state.h"
#include "engine/training/settings.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace strata {

/// What happened, in order, for whoever drains the queue. None is ever lost.
struct RunStarted {
    std::int64_t trainSamples = 0, validationSamples = 0, batchesPerEpoch = 0, firstEpoch = 0, epochs = 0;
    std::int64_t memoryBytes = 0;
    std::int64_t samplesBefore = 0; ///< trained before the run was resumed
};
struct BatchDone {
    std::int64_t epoch = 0, batch = 0; ///< from 0
    std::int64_t samples = 0;          ///< in this batch
    double loss = 0, accuracy = 0;     ///< of this batch, before its update
    double learningRate = 0; ///< of its update
};
struct EpochDone {
    std::int64_t epoch = 0;        ///< from 0
    double loss = 0, accuracy = 0; ///< means over the epoch's samples, as Keras reports them
    std::optional<double> validationLoss, validationAccuracy;
    bool best = false;             ///< smallest validation loss (without validation: training loss) up to now
    double seconds = 0;            ///< with validation
    double imagesPerSecond = 0;    ///< of the training part
    std::map<std::string, double> metrics; ///< by Keras's log name: "auc", "val_auc"
    double learningRate = 0;       ///< as it stands now, as Keras logs it: that of the next update
};
/// Something to tell that does not end the run.
struct RunRemark {
    std::string text;
};
enum class RunOutcome { Finished, Stopped, Diverged, Failed };
struct RunEnded {
    RunOutcome outcome = RunOutcome::Finished;
    std::string message;                    ///< empty, or one sentence: what happened, where, what to do
    std::optional<std::int64_t> bestEpoch;  ///< whose weights were kept (keepBest)
    std::shared_ptr<const Weights> weights; ///< null only when nothing could be trained
    /// Where the run stands: to go on exactly after Stopped, with the optimiser's memory after Finished. Else
    /// null.
    std::shared_ptr<const RunState> state;
    std::vector<RateChange> rates{}; ///< set while it went on, in order: with them the run can be repeated
};
using TrainEvent = std::variant<RunStarted, BatchDone, EpochDone, RunRemark, RunEnded>;

/// A network at the end of an epoch, while it is being trained.
struct NetworkNow {
    Weights weights;
    OptimizerState optimizer;
    std::span<const EpochDone> done; ///< since the run was started or resumed
};
/// Writes it to a file (see ModelCheckpoint).
using SaveNetwork = std::function<Result<>(const std::string& path, bool weightsOnly, const NetworkNow& now)>;

/// Keeps where a run stands, and the epochs that it has ended since it was started or resumed. Called between
/// two batches by the trainer's thread, which waits for it.
using SaveCheckpoint = std::function<void(const RunState&, std::span<const EpochDone>)>;

/// Everything a run needs; values and immutable things, so that the window may go on editing.
struct TrainingJob {
    ModelGraph graph;
    TrainingSettings settings;
    std::shared_ptr<const Dataset> train;
    std::shared_ptr<const Dataset>
        validation; ///< null: none. (The caller cuts it off: validationSplit() in engine/data/split.h.)
    Scaling scaling = Scaling::UnitRange;
    std::shared_ptr<const Weights> startWeights;          ///< null: begin anew from the seed
    std::shared_ptr<const OptimizerState> startOptimizer; ///< goes with startWeights; null: a fresh one
    std::int64_t firstEpoch = 0; ///< what the first epoch is called; continues a curve
    /// Goes on exactly here; then startWeights gives only the cards put aside, and firstEpoch is the state's.
    std::shared_ptr<const RunState> resume;
    SaveCheckpoint checkpoint;               ///< empty: none
    std::int64_t checkpointEveryBatches = 0; ///< 0: not by batches
    std::int64_t checkpointEveryEpochs = 0;  ///< 0: not by epochs
    SaveNetwork save;                        ///< empty: nothing can be saved while it runs
    bool repeats = false; ///< a repetition, to compare: callbacks that write files stay silent
};

/// A copy of the weights as they were after one batch of a run.
struct LiveWeights {
    std::shared_ptr<const Weights> weights; ///< null: none has come since the last question
    /// Size of the last update over size of the weights (L2 norms), for every node with trained weights.
    std::map<NodeId, double> lastStep;
};

/// One run on a thread of its own. Facts go by queue, state by mailbox; the owner pulls. No callback ever.
class Trainer {
public:
    explicit Trainer(TrainingJob job);
    ~Trainer(); ///< stops within one batch and waits

    void start();
    void pause();
    void resume();
    void step();          ///< when paused: one batch more
    void stop();          ///< within one batch; RunEnded follows
    /// Of all updates from the next batch on; what a callback sets later goes from there. What came too late for the last
    /// batch is in the end's state. Errors: a schedule sets the rate; the optimizer does not take this value.
    Result<> setLearningRate(double rate);
    bool running() const; ///< started, and RunEnded not yet queued
    bool paused() const;

    /// All events since the last call, in order.
    std::vector<TrainEvent> drainEvents();
    /// Blocks until there is something to drain (for the command line).
    void waitForEvents();

    /// Asks for a copy of the weights as they are after the present batch; latestWeights() has it soon after.
    void requestWeights();
    /// The newest copy; each is handed out once.
    LiveWeights takeWeights();

private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace strata
