// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/parameter_update.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace strata {
namespace {

constexpr std::size_t kMaxSlots = 4;
constexpr std::int64_t kPart = 1 << 14; ///< floats: four arrays of it stay in the second cache

} // namespace

ParameterUpdate::ParameterUpdate(const TypedParams& optimizer, Network& network, Workers& workers)
    : m_optimizer(createOptimizer(optimizer)), m_network(network), m_workers(workers) {
    const OptimizerType* type = findOptimizerType(optimizer.id);
    assert(type != nullptr);
    const auto given = optimizer.params.find("learning_rate");
    const ParamValue rate = given != optimizer.params.end() ? given->second : type->schema.find("learning_rate")->defaultValue;
    m_learningRate = rate.asReal() != nullptr ? *rate.asReal() : static_cast<double>(*rate.asInt());
    for (int s = 0; s < m_optimizer->slots(); ++s) {
        m_slots.emplace_back(network.trainableCount());
        std::ranges::fill(m_slots.back().span(), m_optimizer->initialSlot(s));
    }
    assert(m_slots.size() <= kMaxSlots);
}

void ParameterUpdate::apply() {
    ++m_iterations;
    m_optimizer->beginIteration(m_iterations, m_learningRate);
    const std::int64_t count = m_network.trainableCount();
    const std::int64_t parts = std::max<std::int64_t>(1, count / kPart);
    float* weights = m_network.parameters().data();
    const float* gradients = m_network.gradients().data();
    m_workers.run(parts, [&](std::int64_t part, int) {
        const ChunkRange r = chunkRange(count, parts, part);
        const auto size = static_cast<std::size_t>(r.size);
        std::array<float*, kMaxSlots> slots{};
        for (std::size_t s = 0; s < m_slots.size(); ++s) slots[s] = m_slots[s].data() + r.first;
        m_optimizer->step({weights + r.first, size}, {gradients + r.first, size}, {slots.data(), m_slots.size()});
    });
}

} // namespace strata
