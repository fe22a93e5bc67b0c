// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/parameter_update.h"

#include "engine/core/said.h"
#include "engine/math/reductions.h"
#include "engine/training/gradient_sum.h"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace strata {
namespace {

std::int64_t partsOf(std::int64_t count) {
    constexpr std::int64_t kPart = 1 << 14; // floats: four arrays of it stay in the second cache
    return std::max<std::int64_t>(1, count / kPart);
}

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
    const std::int64_t parts = partsOf(count);
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
    if (m_optimizer->common().gradientAccumulationSteps) m_gradientSum = Arena(network.trainableCount());
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
    std::ranges::fill(m_gradientSum.span(), 0.0F);
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
    m_rules.addPenaltyGradients();
    if (gather()) step(rate);
    m_rules.applyConstraints();
}

bool ParameterUpdate::gather() {
    const std::optional<std::int64_t> steps = m_optimizer->common().gradientAccumulationSteps;
    if (!steps) return true;
    const std::int64_t count = m_network.trainableCount(), parts = partsOf(count);
    m_workers.run(parts, [&](std::int64_t part, int) {
        const ChunkRange r = chunkRange(count, parts, part);
        const auto first = static_cast<std::size_t>(r.first), size = static_cast<std::size_t>(r.size);
        gatherGradient(m_iterations, *steps, m_network.gradients().subspan(first, size), m_gradientSum.span().subspan(first, size));
    });
    return m_iterations % *steps == 0;
}

bool ParameterUpdate::gatheredIsFinite() const {
    return math::allFinite(static_cast<std::int64_t>(m_gradientSum.size()), m_gradientSum.data());
}

void ParameterUpdate::step(double rate) {
    m_rules.clip();
    m_optimizer->beginIteration(m_optimizer->updatesAfter(m_iterations), rate);
    if (m_optimizer->takesWholeArrays()) {
        stepArrays();
    } else {
        const SlotPlaces slots = placesAt(0);
        stepInParts(*m_optimizer, m_network.trainableCount(), m_network.parameters().data(), m_network.gradients().data(),
                    {slots.data(), m_slots.size()}, m_workers);
    }
}

std::vector<ParameterUpdate::Kept> ParameterUpdate::kept() const {
    std::vector<Kept> out;
    if (m_gradientSum.size() > 0) out.push_back({kGradientSum, m_gradientSum.data(), {}});
    for (std::size_t s = 0; s < m_slots.size(); ++s) {
        const int slot = static_cast<int>(s);
        out.push_back({m_optimizer->slotName(slot), m_slots[s].data(), slot});
    }
    return out;
}

std::vector<std::int64_t> ParameterUpdate::dimsOf(const Kept& kept, const Network::Slot& array) const {
    return kept.slot ? m_optimizer->slotDims(*kept.slot, array.spec->dims) : array.spec->dims;
}

OptimizerState ParameterUpdate::state() const {
    OptimizerState out{m_id, m_iterations, m_learningRate, {}};
    for (const Kept& each : kept()) {
        Weights& slot = out.arrays[each.name];
        for (const Network::Slot& array : m_trained) {
            const float* from = each.values + array.offset;
            std::vector<std::int64_t> dims = dimsOf(each, array);
            const std::size_t count = countOf(dims);
            slot.nodes[array.node].push_back({array.spec->name, std::move(dims), {from, from + count}});
        }
    }
    return out;
}

bool ParameterUpdate::load(const OptimizerState& state) {
    if (state.optimizer != m_id) return false;
    std::vector<std::pair<const WeightArray*, float*>> copies;
    for (const Kept& each : kept()) {
        const auto slot = state.arrays.find(each.name);
        for (const Network::Slot& array : m_trained) {
            const WeightArray* from = slot == state.arrays.end() ? nullptr : arrayFor(slot->second, array, dimsOf(each, array));
            if (from == nullptr) return false;
            copies.emplace_back(from, each.values + array.offset);
        }
    }
    for (const auto& [from, to] : copies) std::ranges::copy(from->values, to);
    m_iterations = state.iterations;
    return true;
}

} // namespace strata
