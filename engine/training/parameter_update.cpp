// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/parameter_update.h"

#include "engine/core/said.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace strata {
namespace {

constexpr std::int64_t kPart = 1 << 14; ///< floats: four arrays of it stay in the second cache

std::size_t countOf(std::span<const std::int64_t> dims) {
    std::size_t count = 1;
    for (const std::int64_t d : dims) count *= static_cast<std::size_t>(d);
    return count;
}

const WeightArray* arrayFor(const Weights& weights, const Network::Slot& slot, std::span<const std::int64_t> dims) {
    const std::vector<WeightArray>* arrays = weights.find(slot.node);
    if (arrays == nullptr) return nullptr;
    const auto it = std::ranges::find(*arrays, slot.spec->name, &WeightArray::name);
    const bool fits = it != arrays->end() && std::ranges::equal(it->dims, dims) && it->values.size() == countOf(dims);
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
        SlotPlaces places{};
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
    for (int s = 0; s < m_optimizer->slots(); ++s) m_slots.emplace_back(network.trainableCount());
    assert(m_slots.size() <= SlotPlaces().size());
    std::ranges::copy_if(network.arrays(), std::back_inserter(m_trained), &Network::Slot::trained);
    beginAnew();
}

void ParameterUpdate::beginAnew() {
    const std::span<const float> weights = std::as_const(m_network).parameters();
    for (std::size_t s = 0; s < m_slots.size(); ++s) {
        const auto slot = static_cast<int>(s);
        if (m_optimizer->slotBeginsAsWeights(slot))
            std::ranges::copy(weights.first(static_cast<std::size_t>(m_network.trainableCount())), m_slots[s].data());
        else
            std::ranges::fill(m_slots[s].span(), m_optimizer->initialSlot(slot));
    }
    m_iterations = 0;
}

SlotPlaces ParameterUpdate::placesAt(std::int64_t offset) {
    SlotPlaces places{};
    for (std::size_t s = 0; s < m_slots.size(); ++s)
        places[s] = m_slots[s].data() + offset;
    return places;
}

void ParameterUpdate::stepArrays() {
    m_workers.run(std::ssize(m_trained), [&](std::int64_t a, int) {
        const Network::Slot& array = m_trained[static_cast<std::size_t>(a)];
        const auto first = static_cast<std::size_t>(array.offset), size = static_cast<std::size_t>(array.count);
        const SlotPlaces slots = placesAt(array.offset);
        m_optimizer->stepArray(array.spec->dims, m_network.parameters().subspan(first, size), m_network.gradients().subspan(first, size),
                               {slots.data(), m_slots.size()});
    });
}

void ParameterUpdate::apply() {
    const double rate = learningRate();
    ++m_iterations;
    m_rules.adjustGradients();
    m_optimizer->beginIteration(m_iterations, rate);
    if (m_optimizer->takesWholeArrays()) {
        stepArrays();
    } else {
        const SlotPlaces slots = placesAt(0);
        stepInParts(*m_optimizer, m_network.trainableCount(), m_network.parameters().data(), m_network.gradients().data(),
                    {slots.data(), m_slots.size()}, m_workers);
    }
    m_rules.applyConstraints();
}

OptimizerState ParameterUpdate::state() const {
    OptimizerState out{m_id, m_iterations, m_learningRate, {}};
    for (std::size_t s = 0; s < m_slots.size(); ++s) {
        Weights& slot = out.arrays[m_optimizer->slotName(static_cast<int>(s))];
        for (const Network::Slot& array : m_trained) {
            const float* from = m_slots[s].data() + array.offset;
            std::vector<std::int64_t> dims = m_optimizer->slotDims(static_cast<int>(s), array.spec->dims);
            const std::size_t count = countOf(dims);
            slot.nodes[array.node].push_back({array.spec->name, std::move(dims), {from, from + count}});
        }
    }
    return out;
}

bool ParameterUpdate::load(const OptimizerState& state) {
    if (state.optimizer != m_id) return false;
    std::vector<std::pair<const WeightArray*, float*>> copies;
    for (std::size_t s = 0; s < m_slots.size(); ++s) {
        const auto slot = state.arrays.find(m_optimizer->slotName(static_cast<int>(s)));
        for (const Network::Slot& array : m_trained) {
            const std::vector<std::int64_t> dims = m_optimizer->slotDims(static_cast<int>(s), array.spec->dims);
            const WeightArray* from = slot == state.arrays.end() ? nullptr : arrayFor(slot->second, array, dims);
            if (from == nullptr) return false;
            copies.emplace_back(from, m_slots[s].data() + array.offset);
        }
    }
    for (const auto& [from, to] : copies) std::ranges::copy(from->values, to);
    m_iterations = state.iterations;
    return true;
}

} // namespace strata
