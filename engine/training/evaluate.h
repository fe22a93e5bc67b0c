// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"
#include "engine/data/scaling.h"
#include "engine/network/network.h"
#include "engine/training/settings.h"

#include <functional>
#include <map>
#include <span>

namespace strata {

/// (done, total) -> go on? False stops the work, whose error then has the id "stopped".
using Progress = std::function<bool(std::int64_t, std::int64_t)>;

struct Evaluation {
    double loss = 0;
    double accuracy = 0; ///< share of samples whose largest output is their class
    std::int64_t samples = 0;
    std::vector<std::int32_t> predicted; ///< a class a sample, in the order of the data
    std::vector<float> confidence;       ///< the probability given to `predicted`
    std::map<std::string, double> metrics; ///< of those asked for, by Keras's log name
};

/// A network with its weights, ready to answer: for evaluation, prediction and looking.
class Predictor {
public:
    /// Errors: those of Network::compile(); weights that do not fit the drawing.
    static Result<Predictor> create(const ModelGraph& graph, const Weights& weights, Workers& workers,
                                    std::int64_t batch = 64, bool keepActivations = false);

    const Network& network() const { return *m_network; }
    std::int64_t batch() const { return m_batch; }
    /// `images` (n, input shape), already scaled -> `outputs` (n, output shape).
    /// requires: sizes fit
    void predict(std::span<const float> images, std::span<float> outputs);
    /// Runs up to batch() samples of a data set and leaves the result in network().output().
    void run(const Dataset& data, std::int64_t first, std::int64_t samples, Scaling scaling);
    /// Probabilities of one output row: itself where the network ends in softmax or a sigmoid (or has one value), else its
    /// softmax.
    std::vector<float> probabilities(std::span<const float> row) const;

private:
    std::unique_ptr<Network> m_network;
    Workers* m_workers = nullptr;
    std::int64_t m_batch = 0;
    bool m_givesProbabilities = false;
};

/// Loss, accuracy and predictions of a whole data set, in inference mode. Errors also: a metric that cannot be measured
/// on this network. requires: each metric came out of checkMetric()
Result<Evaluation> evaluate(const ModelGraph& graph, const Weights& weights, const Dataset& data, Scaling scaling,
                            const TypedParams& loss, Workers& workers, const Progress& progress = {},
                            std::span<const TypedParams> metrics = {});

/// Which classes were taken for which, row-major (true class, predicted class): as many rows as the data has classes, and
/// as many columns as the largest prediction asks for. requires: a prediction a sample
std::vector<std::int64_t> confusionMatrix(const Dataset& data, std::span<const std::int32_t> predicted);

/// Does this network take images of this data? Says what differs and the remedy.
Result<> checkFits(const ModelGraph& graph, const Dataset& data);

/// The drawing with unknown sizes of its Input replaced by those of the data.
ModelGraph withInputShape(const ModelGraph& graph, const Shape& sample);

/// The loss that goes with a network nobody compiled: sparse categorical cross-entropy, from logits where the output
/// is no softmax.
TypedParams defaultLoss(const ModelGraph& graph);

/// What the network expects: a model that begins with Rescaling or Normalization takes raw 0..255.
Scaling defaultScaling(const ModelGraph& graph);

} // namespace strata
