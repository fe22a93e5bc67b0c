// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

namespace strata::ui {

/// A place between two batches.
struct RunPlace {
    std::int64_t epoch = 0; ///< from 1
    std::int64_t batch = 0; ///< done in it
};

/// Where a run stands.
struct RunProgress {
    std::int64_t firstEpoch = 0;  ///< epochs before this run
    std::int64_t epochs = 0;      ///< of this run
    std::int64_t epoch = 0;       ///< the present one, from 1, counted over all runs
    std::int64_t batch = 0;       ///< done in this epoch
    std::int64_t batches = 0;     ///< in an epoch
    double seconds = 0;           ///< trained, pauses not counted
    double secondsLeft = -1;      ///< negative: not known yet
    double imagesPerSecond = 0;
    double learningRate = 0;
    std::optional<double> bestValidationLoss;
    std::int64_t bestEpoch = 0;   ///< from 1; 0: none yet
    double shareAtStart = 0;      ///< done before this session began with the run
    std::int64_t lastEpoch() const { return firstEpoch + epochs; }
    double share() const; ///< of the run, 0..1
    /// Seconds until its end at the speed of what was trained here; negative: nothing was yet.
    double estimatedLeft() const;
};

} // namespace strata::ui
