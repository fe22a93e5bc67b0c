// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/workers.h"
#include "engine/network/arena.h"
#include "engine/network/network.h"
#include "engine/training/optimizer.h"
#include "engine/training/run_state.h"
#include "engine/training/schedule.h"
#include "engine/training/weight_rules.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace strata {

/// Fills in what is not given; errors name the parameter, the value and the rule.
Result<TypedParams> checkOptimizer(const TypedParams& optimizer);

/// As many as any optimiser has slots, and more.
using SlotPlaces = std::array<float*, 4>;

/// One step over whole flat arrays of `count` floats, spread over the workers by fixed parts.
/// requires: beginIteration() was called
void stepInParts(const Optimizer& optimizer, std::int64_t count, float* weights, const float* gradients,
                 std::span<float* const> slots, Workers& workers);

/// An optimiser with its state over the trainable part of a network's flat parameter array.
class ParameterUpdate {
public:
    /// requires: `optimizer` came out of checkOptimizer(), `schedule` out of checkSchedule()
    ParameterUpdate(const TypedParams& optimizer, const std::optional<TypedParams>& schedule, Network& network,
                    Workers& workers);

    const std::string& optimizer() const { return m_id; }
    /// Of the next update.
    double learningRate() const { return m_schedule ? m_schedule->at(m_iterations - m_scheduleStart) : m_learningRate; }
    /// The schedule's step 0 is this update: a run that goes on with the optimiser's memory begins its schedule anew. It is
    /// negative where the optimiser's memory has begun anew since, and the schedule has not.
    void beginSchedule(std::int64_t iteration) { m_scheduleStart = std::min(iteration, m_iterations); }
    std::int64_t scheduleStart() const { return m_scheduleStart; }
    /// requires: no schedule
    void setLearningRate(double rate) { m_learningRate = rate; }
    /// Calls of apply(): Keras's `_iterations`, which its schedules go by.
    std::int64_t iterations() const { return m_iterations; }
    /// Forgets all updates; slots that begin as the weights take them as they are now, so it belongs behind every change
    /// of the weights from elsewhere before the first update.
    void beginAnew();
    /// One update from network.gradients(): regularisers, clipping, the step, constraints. Where gradients are accumulated,
    /// only every so many calls come to clipping and step.
    void apply();
    /// What the regularisers add to the loss of every sample, for the weights as they are.
    double penalty() const { return m_rules.penalty(); }
    /// What is accumulated holds no infinite value, which would come into the weights with an update to come.
    bool gatheredIsFinite() const;

    OptimizerState state() const;
    /// Goes on from what was remembered; false and as it was, when it is another optimiser's memory or lacks an array of
    /// this network. There is one count of updates for all arrays, and Adam corrects its means by it: with the count of
    /// the others an array that begins anew would take steps far too large.
    bool load(const OptimizerState& state);

private:
    /// What goes into state(), flat as the parameters.
    struct Kept {
        std::string name;
        float* values;
        std::optional<int> slot; ///< empty: the sum of gradients
    };
    std::vector<Kept> kept() const;
    std::vector<std::int64_t> dimsOf(const Kept& kept, const Network::Slot& array) const;
    /// As many as the optimiser has slots, each from its `offset`-th value on.
    SlotPlaces placesAt(std::int64_t offset);
    /// Adds the gradients to those before; false: no update is due yet.
    bool gather();
    void step(double rate);
    void stepArrays();

    std::string m_id;
    std::unique_ptr<Optimizer> m_optimizer;
    Network& m_network;
    Workers& m_workers;
    WeightRules m_rules;
    std::unique_ptr<Schedule> m_schedule; ///< null: the rate stays
    std::vector<Arena> m_slots;
    Arena m_gradientSum; ///< empty unless gradients are accumulated
    std::vector<Network::Slot> m_trained; ///< the arrays that are updated
    double m_learningRate;
    std::int64_t m_iterations = 0;
    std::int64_t m_scheduleStart = 0;
};

} // namespace strata
