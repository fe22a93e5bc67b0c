// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/workers.h"
#include "engine/network/network.h"
#include "engine/training/loss.h"

#include <memory>
#include <vector>

namespace strata {

/// What one batch's outputs were worth.
struct BatchScore {
    double lossSum = 0; ///< sum over the samples (of the mean over a sample's rows)
    std::int64_t correct = 0;
    std::int64_t samples = 0;
};

/// Turns a network's outputs and the class numbers into loss, accuracy and, when wanted, the gradient. Owns the few
/// buffers this takes; nothing allocates after it was made. Sums run in the order of the samples, so that the number
/// of threads does not matter.
class LossMeter {
public:
    /// requires: the loss fits the output (see checkLossFits)
    /// `classWeights`: how much each class counts, one each; empty: all 1.
    LossMeter(const TypedParams& loss, const Shape& output, bool outputIsSoftmax, std::int64_t batch,
              std::vector<double> classWeights = {});

    /// `gradient` (samples, output), nullable, is overwritten: the gradient of the batch's mean loss. Class weights count
    /// only with it: they are for training, as in Keras.
    BatchScore measure(std::int64_t samples, const float* output, const std::int32_t* labels, float* gradient, Workers& workers);
    /// The gradient is with respect to the input of the final softmax.
    bool skipsSoftmax() const { return m_skipSoftmax; }

private:
    std::unique_ptr<Loss> m_loss;
    std::int64_t m_rows = 1, m_columns = 1;
    bool m_skipSoftmax = false;
    std::vector<double> m_perSample;
    std::vector<double> m_classWeights;
    std::vector<float> m_sampleWeights; ///< (batch), where there are class weights
    std::vector<float> m_targets; ///< (batch, rows, columns), one-hot, for losses that take values
};

/// Class numbers fit outputs of shape (classes): says what is wrong and the remedy.
Result<> checkLossFits(const TypedParams& loss, const Shape& output, std::int64_t classes);

/// The largest of `values`; the first of equals, as numpy's argmax.
std::int64_t argmax(std::span<const float> values);

} // namespace strata
