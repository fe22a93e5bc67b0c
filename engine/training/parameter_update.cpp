// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/parameter_update.h"

#include "engine/core/said.h"

#include <algorithm>
#include <array>
#include <cassert>

namespace strata {
namespace {

constexpr std::size_t kMaxSlots = 4;
constexpr std::int64_t kPart = 1 << 14; ///< floats: four arrays of it stay in the second cache

const WeightArray* arrayFor(const Weights& weights, const Network::Slot& slot) {
    const std::vector<WeightArray>* arrays = weights.find(slot.node);
    if (arrays == nullptr) return nullptr;
    const auto it = std::ranges::find(*arrays, slot.spec->name, &WeightArray::name);
    const bool fits = it != arrays->end() && it->dims == slot.spec->dims &&
                      static_cast<std::int64_t>(it->values.size()) == slot.count;
    return fits ? &*it : nullptr;
}

} // namespace

Result<TypedParams> checkOptimizer(const TypedParams& optimizer) {
    const OptimizerType* type = findOptimizerType(optimizer.id);
    if (type == nullptr)
        return failure("optimizer.unknown", said("There is no optimizer {}; choose another one.", optimizer.id));
    Result<ParamMap> params = type->schema.check(optimizer.params);
    if (!params) return params.error();
    return TypedParams{type->schema.id, std::move(*params)};
}

void stepInParts(const Optimizer& optimizer, std::int64_t count, float* weights, const float* gradients,
                 std::span<float* const> slots, Workers& workers) {
    const std::int64_t parts = std::max<std::int64_t>(1, count / kPart);
    workers.run(parts, [&](std::int64_t part, int) {
        const ChunkRange r = chunkRange(count, parts, part);
        const auto size = static_cast<std::size_t>(r.size);
        std::array<float*, kMaxSlots> places{};
        for (std::size_t s = 0; s < slots.size(); ++s)
            places[s] = slots[s] + r.first;
        optimizer.step({weights + r.first, size}, {gradients + r.first, size}, {places.data(), slots.size()});
    });
}

ParameterUpdate::ParameterUpdate(const TypedParams& optimizer, const std::optional<TypedParams>& schedule,
                                 Network& network, Workers& workers)
    : m_id(optimizer.id)
    , m_optimizer(createOptimizer(optimizer))
    , m_network(network)
    , m_workers(workers)
    , m_rules(network, m_optimizer->common())
    , m_schedule(schedule ? createSchedule(*schedule) : nullptr)
    , m_learningRate(*optimizer.params.at("learning_rate").asReal()) {
    for (int s = 0; s < m_optimizer->slots(); ++s) {
        m_slots.emplace_back(network.trainableCount());
        std::ranges::fill(m_slots.back().span(), m_optimizer->initialSlot(s));
    }
    assert(m_slots.size() <= kMaxSlots);
}

void ParameterUpdate::apply() {
    const double rate = learningRate();
    ++m_iterations;
    m_rules.adjustGradients();
    m_optimizer->beginIteration(m_iterations, rate);
    const std::int64_t count = m_network.trainableCount();
    std::array<float*, kMaxSlots> slots{};
    for (std::size_t s = 0; s < m_slots.size(); ++s)
        slots[s] = m_slots[s].data();
    stepInParts(*m_optimizer, count, m_network.parameters().data(), m_network.gradients().data(), {slots.data(), m_slots.size()},
                m_workers);
    m_rules.applyConstraints();
}

OptimizerState ParameterUpdate::state() const {
    OptimizerState out{m_id, m_iterations, m_learningRate, {}};
    for (std::size_t s = 0; s < m_slots.size(); ++s) {
        Weights& slot = out.arrays[m_optimizer->slotName(static_cast<int>(s))];
        for (const Network::Slot& array : m_network.arrays()) {
            if (!array.trained) continue;
            const float* from = m_slots[s].data() + array.offset;
            slot.nodes[array.node].push_back(
                {array.spec->name, array.spec->dims, {from, from + array.count}});
        }
    }
    return out;
}

bool ParameterUpdate::load(const OptimizerState& state) {
    if (state.optimizer != m_id) return false;
    std::vector<std::pair<const WeightArray*, float*>> copies;
    for (std::size_t s = 0; s < m_slots.size(); ++s) {
        const auto slot = state.arrays.find(m_optimizer->slotName(static_cast<int>(s)));
        for (const Network::Slot& array : m_network.arrays()) {
            if (!array.trained) continue;
            const WeightArray* from = slot == state.arrays.end() ? nullptr : arrayFor(slot->second, array);
            if (from == nullptr) return false;
            copies.emplace_back(from, m_slots[s].data() + array.offset);
        }
    }
    for (const auto& [from, to] : copies) std::ranges::copy(from->values, to);
    m_iterations = state.iterations;
    return true;
}

} // namespace strata
