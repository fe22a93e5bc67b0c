// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/optimizer.h"

#include "engine/core/lower_case.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace strata {

void Optimizer::beginIteration(std::int64_t iteration, double learningRate) {
    m_decay = static_cast<float>(m_common.weightDecay.value_or(0) * learningRate);
    prepare(iteration, learningRate);
}

void Optimizer::decay(std::span<float> weights) const {
    if (m_decay == 0) return;
    for (float& w : weights)
        w -= w * m_decay;
}

void Optimizer::step(std::span<float> weights, std::span<const float> gradient,
                     std::span<float* const> slots) const {
    decay(weights);
    update(weights, gradient, slots);
}

void Optimizer::stepArray(std::span<const std::int64_t> dims, std::span<float> weights,
                          std::span<const float> gradient, std::span<float* const> slots) const {
    decay(weights);
    updateArray(dims, weights, gradient, slots);
}

void WholeArrayOptimizer::update(std::span<float> weights, std::span<const float> gradient,
                                 std::span<float* const> slots) const {
    const std::array<std::int64_t, 1> dims{std::ssize(weights)};
    updateArray(dims, weights, gradient, slots);
}

const OptimizerType* findOptimizerType(std::string_view id) {
    const std::span<const OptimizerType> types = optimizerTypes();
    const auto it = std::ranges::find_if(types, [wanted = lowerCase(id)](const OptimizerType& t) { return lowerCase(t.schema.id) == wanted; });
    return it == types.end() ? nullptr : &*it;
}

const SchemaFamily& optimizerFamily() {
    static const SchemaFamily family = [] {
        SchemaFamily f{"optimizer", {}};
        for (const OptimizerType& t : optimizerTypes())
            f.members.push_back(&t.schema);
        return f;
    }();
    return family;
}

std::unique_ptr<Optimizer> createOptimizer(const TypedParams& which) {
    const OptimizerType* type = findOptimizerType(which.id);
    assert(type != nullptr);
    return type->create(which.params);
}

} // namespace strata
