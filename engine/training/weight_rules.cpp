// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/weight_rules.h"

#include "engine/layers/regularizers.h"
#include "engine/training/gradient_clipping.h"

namespace strata {
namespace {

template <class T>
std::span<T> part(std::span<T> all, const Network::Slot& slot) {
    return all.subspan(static_cast<std::size_t>(slot.offset), static_cast<std::size_t>(slot.count));
}

} // namespace

WeightRules::WeightRules(Network& network, const OptimizerCommon& optimizer)
    : m_network(network)
    , m_optimizer(optimizer) {
    for (const Network::Slot& slot : network.arrays()) {
        if (!slot.trained) continue;
        m_gradients.push_back(part(network.gradients(), slot));
        if (slot.spec->regularizer) m_regularized.push_back(slot);
        if (slot.spec->constraint)
            m_constrained.push_back({part(network.parameters(), slot), Constraint(*slot.spec->constraint, slot.spec->dims)});
    }
}

double WeightRules::penalty() const {
    double sum = 0;
    for (const Network::Slot& slot : m_regularized)
        sum += strata::penalty(*slot.spec->regularizer, part(m_network.parameters(), slot));
    return sum;
}

void WeightRules::addPenaltyGradients() {
    for (const Network::Slot& slot : m_regularized) {
        addPenaltyGradient(*slot.spec->regularizer, part(m_network.parameters(), slot),
                           part(m_network.gradients(), slot));
    }
}

void WeightRules::clip() {
    clipGradients(m_optimizer, m_gradients);
}

void WeightRules::applyConstraints() {
    for (Constrained& each : m_constrained)
        each.constraint.apply(each.weights);
}

double regularizationLoss(const Network& network) {
    double sum = 0;
    for (const Network::Slot& slot : network.arrays()) {
        if (slot.trained && slot.spec->regularizer) sum += penalty(*slot.spec->regularizer, part(network.parameters(), slot));
    }
    return sum;
}

} // namespace strata
