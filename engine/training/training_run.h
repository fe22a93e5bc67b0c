// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/trainer.h"

namespace strata {

/// Who watches a run, from the run's own thread.
class RunObserver {
public:
    virtual ~RunObserver() = default;
    virtual void event(TrainEvent e) = 0;
    /// Asked before each batch; may block (pause). False ends the run.
    virtual bool mayGoOn() = 0;
    /// Asked after each mayGoOn(), at this place of the run: the learning rate from there on, when it is to be another.
    virtual std::optional<double> newLearningRate(std::int64_t epoch, std::int64_t batches) {
        (void)epoch, (void)batches;
        return {};
    }
    /// Asked before each batch; true once for each request.
    virtual bool weightsWanted() = 0;
    virtual void weights(LiveWeights w) = 0;
};

/// A whole run on the calling thread. Sends RunStarted, BatchDone and EpochDone; RunEnded is the return value.
RunEnded runTraining(const TrainingJob& job, RunObserver& observer);

} // namespace strata
