// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/schema/schema.h"
#include "engine/training/settings.h"

#include <array>
#include <functional>
#include <memory>
#include <span>

namespace strata {

/// The learning rate as a function of the step: stateless, so that a resumed run needs nothing but its step.
class Schedule {
public:
    virtual ~Schedule() = default;
    /// step: how many updates were done before this one, from 0, as Keras's `optimizer.iterations`.
    virtual double at(std::int64_t step) const = 0;
};

struct ScheduleType {
    Schema schema; ///< id: Keras's class name, "CosineDecay"
    std::function<std::unique_ptr<Schedule>(const ParamMap& params)> create;
};

std::span<const ScheduleType> scheduleTypes();
/// By class name, case-insensitively, also without "Decay" ("cosine").
const ScheduleType* findScheduleType(std::string_view id);
const SchemaFamily& scheduleFamily();

/// Fills in what is not given. Errors: an unknown schedule; a value out of its range; lists that do not go
/// together.
Result<TypedParams> checkSchedule(const TypedParams& schedule);
/// requires: `which` came out of checkSchedule()
std::unique_ptr<Schedule> createSchedule(const TypedParams& which);

/// The rate a schedule starts from: what an optimiser's form shows as its learning rate.
inline constexpr const char* kInitialRate = "initial_learning_rate";
/// How many updates a run takes.
std::int64_t runSteps(const TrainingSettings& settings, std::int64_t trainSamples);
/// The parameters that are the length of a schedule, in updates.
inline constexpr std::array kScheduleLengths{"decay_steps", "first_decay_steps", "total_steps"};
/// A schedule that goes on over `steps` updates where its length is not given in `schedule.params`.
TypedParams overSteps(TypedParams schedule, std::int64_t steps);

} // namespace strata
