// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/param_value.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace strata {

/// How a run is to go: what the training dock, the command line and strata.json hold. Optimiser, loss, schedule,
/// metrics and callbacks are checked against the family of their name.
struct TrainingSettings {
    TypedParams optimizer{"Adam", {}};
    TypedParams loss{"SparseCategoricalCrossentropy", {}};
    std::optional<TypedParams> schedule; ///< of the learning rate; it then takes the place of the optimiser's
    std::vector<TypedParams> metrics;    ///< beside loss and accuracy
    std::vector<TypedParams> callbacks;
    std::vector<double> classWeights; ///< how much each class counts in the loss of training; empty: all 1
    bool balanceClasses = false;      ///< instead: so much that all count the same in the images of the run
    std::int64_t batchSize = 32;
    std::int64_t epochs = 10;
    double validationSplit = 0.1; ///< the last part of the training data, before shuffling, as in Keras
    std::uint64_t seed = 1;
    bool shuffle = true;
    bool keepBest = true; ///< at the end, the weights of the epoch with the smallest validation loss
    int threads = 0;      ///< 0: one per processor
    bool operator==(const TrainingSettings&) const = default;
};

} // namespace strata
