// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/loss.h"

namespace strata {

/// How little predictions and targets overlap, as one number for the whole batch. With I the sum of their products, T of
/// the targets and P of the predictions: 1 - I / ((1 - missed - wrong) I + missed T + wrong P + epsilon) (Salehi et al.,
/// "Tversky loss function for image segmentation using 3D fully convolutional deep networks", 2017).
class OverlapLoss : public Loss {
public:
    struct Weights {
        double missed, wrong, epsilon; ///< missed: of targets that were not predicted
    };
    void evaluate(const LossPass& pass, std::span<double> perSample, float* gradient) const final;
    bool spansBatch() const final { return true; }

protected:
    explicit OverlapLoss(const Weights& weights)
        : m_weights(weights) {}

private:
    Weights m_weights;
};

} // namespace strata
