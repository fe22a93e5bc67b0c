// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/weights.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace strata {

/// What an optimiser remembers between its steps.
struct OptimizerState {
    std::string optimizer;       ///< Keras's class name: "Adam"
    std::int64_t iterations = 0; ///< batches whose gradients it got; each is an update unless gradients are accumulated
    double learningRate = 0;     ///< of the next one
    /// By the slot's name ("momentum"), or kGradientSum: an array for each trained weight array, named as that one and
    /// shaped as slotDims() says.
    std::map<std::string, Weights> arrays;
    bool operator==(const OptimizerState&) const = default;
};

/// Where a run stands between two batches: all that it takes to go on as if it had never stood still. The
/// order of the data and all random numbers follow from seed, epoch and step and need no place here.
struct RunState {
    std::int64_t firstEpoch = 0; ///< of the run
    std::int64_t epoch = 0;      ///< the present one, from 0
    std::int64_t batches = 0;    ///< done in it
    Weights weights;
    OptimizerState optimizer;
    Weights lastGood; ///< of the end of the epoch before; no nodes: the same as `weights`
    Weights best;     ///< of the best epoch; no nodes: none is kept
    Weights kept;     ///< those a callback has put aside; no nodes: none
    /// What else has a memory, by name: the sums of the present epoch, the best loss.
    std::map<std::string, std::vector<double>> values;
    bool operator==(const RunState&) const = default;
};

/// The learning rate that a person set while a run went on, before the update that follows this batch.
struct RateChange {
    std::int64_t epoch = 0;   ///< from 0
    std::int64_t batches = 0; ///< done in it
    double rate = 0;
    bool operator==(const RateChange&) const = default;
};

/// The last rate that a person set in the run; empty: it has the one of its settings.
inline std::optional<double> rateGiven(const RunState& state) {
    const auto it = state.values.find("given_rate");
    if (it == state.values.end() || it->second.size() != 1) return {};
    return it->second.front();
}

/// Any number of a file as a count: from 0 to 2^53.
inline std::int64_t countOf(double value) {
    constexpr double kMost = 1LL << 53;
    if (!(value > 0)) return 0;
    return static_cast<std::int64_t>(value < kMost ? value : kMost);
}

/// The optimiser's update that is step 0 of the schedule; negative where its memory has begun anew since.
inline std::int64_t scheduleStart(const RunState& state) {
    const auto it = state.values.find("schedule");
    if (it == state.values.end() || it->second.size() != 1) return 0;
    const double start = it->second.front();
    return start < 0 ? -countOf(-start) : countOf(start);
}

} // namespace strata
