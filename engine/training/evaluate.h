// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"
#include "engine/data/scaling.h"
#include "engine/network/network.h"
#include "engine/training/settings.h"

#include <functional>

namespace strata {

struct Evaluation {
    double loss = 0;
    double accuracy = 0; ///< share of samples whose largest output is their class
    std::int64_t samples = 0;
    std::vector<std::int32_t> predicted; ///< a class a sample, in the order of the data
    std::vector<float> confidence;       ///< probability (softmax applied where the network ends without one) of `predicted`
};

/// Loss, accuracy and predictions of a whole data set, in inference mode. `progress` (done, total) may return false
/// to stop: then the error's id is "stopped".
Result<Evaluation> evaluate(const ModelGraph& graph, const Weights& weights, const Dataset& data, Scaling scaling,
                            const TypedParams& loss, Workers& workers,
                            const std::function<bool(std::int64_t, std::int64_t)>& progress = {});

/// Does this network fit this data? Says what differs and the remedy.
Result<> checkFits(const ModelGraph& graph, const Dataset& data);

/// The loss that goes with a network nobody compiled: sparse categorical cross-entropy, from logits where the output
/// is no softmax.
TypedParams defaultLoss(const ModelGraph& graph);

/// What the network expects: a model that begins with Rescaling or Normalization takes raw 0..255.
Scaling defaultScaling(const ModelGraph& graph);

} // namespace strata
