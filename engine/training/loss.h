// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

#include <functional>
#include <memory>
#include <span>

namespace strata {

/// One batch's outputs and what they should have been. A sample has `rows` predictions of `columns` values
/// each (rows = 1 for a classifier; H*W for a map of classes); losses are per row, over the last axis, as in
/// Keras.
struct LossPass {
    std::int64_t samples = 0;
    std::int64_t rows = 1;
    std::int64_t columns = 0;
    const float* output = nullptr;  ///< (samples, rows, columns)
    const float* targets = nullptr; ///< (samples, rows, columns); null for losses that take class numbers
    const std::int32_t* labels = nullptr; ///< (samples, rows); null for losses that take values
    const float* sampleWeights = nullptr; ///< (samples); null = all 1
    /// Gradients are multiplied by this: 1 / (samples * rows) of the whole batch for Keras's mean.
    double gradientScale = 1;
    /// The outputs are probabilities made by a softmax, and the gradient wanted is the one with respect to
    /// that softmax's input. Only asked of a loss whose fusesSoftmax() says yes.
    bool skipSoftmax = false;
};

/// A loss over contiguous runs of samples; stateless, so that chunks may be computed by any thread.
class Loss {
public:
    virtual ~Loss() = default;
    /// Writes each sample's loss (the sum over its rows, sample weight included) to `perSample` (samples)
    /// and, when `gradient` is not null, overwrites gradient (samples, rows, columns).
    virtual void evaluate(const LossPass& pass, std::span<double> perSample, float* gradient) const = 0;
    /// It takes class numbers (sparse categorical cross-entropy) rather than arrays of targets.
    virtual bool takesLabels() const { return false; }
    /// A row of this class has no loss and no gradient, and the mean is taken over the other rows.
    virtual bool ignores(std::int32_t label) const {
        (void)label;
        return false;
    }
    virtual bool fusesSoftmax() const { return false; }
    /// Its value is one for all samples together, which each of them is told: evaluate() wants the whole batch.
    virtual bool spansBatch() const { return false; }
};

struct LossType {
    Schema schema; ///< id: Keras's class name, "SparseCategoricalCrossentropy"; synonyms[0]: its name in
                   ///< compile(), "sparse_categorical_crossentropy"
    std::function<std::unique_ptr<Loss>(const ParamMap& params)> create;
};

std::span<const LossType> lossTypes();
/// By class name or by compile() name.
const LossType* findLossType(std::string_view id);
const SchemaFamily& lossFamily();
/// requires: `which` was checked against the family
std::unique_ptr<Loss> createLoss(const TypedParams& which);

} // namespace strata
