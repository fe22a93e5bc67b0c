// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/constraint.h"
#include "engine/network/network.h"
#include "engine/training/optimizer.h"

#include <vector>

namespace strata {

/// What layers and optimiser say of weights beside the plain step: regularisers, clipping, constraints. Made
/// once for a network; where nothing is asked for, nothing is done.
class WeightRules {
public:
    WeightRules(Network& network, const OptimizerCommon& optimizer);

    /// What the regularisers add to the loss for the weights as they are.
    double penalty() const;
    /// After backward(): adds the regularisers' gradients.
    void addPenaltyGradients();
    /// Of the gradients that a step takes.
    void clip();
    /// After the optimiser's step.
    void applyConstraints();

private:
    Network& m_network;
    OptimizerCommon m_optimizer;
    std::vector<Network::Slot> m_regularized;
    struct Constrained {
        std::span<float> weights;
        Constraint constraint;
    };
    std::vector<Constrained> m_constrained;
    std::vector<std::span<float>> m_gradients; ///< one a trained array
};

/// What the regularisers of a network's trained arrays add to its loss.
double regularizationLoss(const Network& network);

} // namespace strata
