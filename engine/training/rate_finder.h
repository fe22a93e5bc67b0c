// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/training/trainer.h"

#include <functional>
#include <vector>

namespace strata {

/// How a search for the learning rate goes: one short run whose rate rises from batch to batch.
struct RateSearch {
    double from = 1e-6, to = 1;
    std::int64_t batches = 100;
};

struct RatePoint {
    double rate = 0;
    double loss = 0; ///< smoothed: a running mean over about ten batches, corrected for its start
};

struct RateFound {
    std::vector<RatePoint> curve;
    double steepestAt = 0; ///< where the smoothed loss falls most steeply over the logarithm of the rate
    double smallestAt = 0; ///< the rate at the smallest smoothed loss: too large for a whole run
    double suggested = 0;  ///< steepestAt, at most a tenth of smallestAt: what is smoothed lags behind
};

/// The learning rate range test of Smith (2017, https://arxiv.org/abs/1506.01186): trains with a rate that grows by the
/// same factor every batch, until the loss is four times its best or the batches are done. The job's own schedule,
/// callbacks and validation are left out, and nothing of what is learned is kept.
/// `progress` (done, total): false ends the search. Errors: those of the run; "stopped"; a loss that never fell.
Result<RateFound> findLearningRate(TrainingJob job, const RateSearch& search,
                                   const std::function<bool(std::int64_t, std::int64_t)>& progress = {});

/// The suggestion for a curve. Errors: fewer than five points, or a loss that never falls.
Result<RateFound> suggestRate(std::vector<RatePoint> curve);

} // namespace strata
