// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/schedule.h"

#include "engine/core/closest_word.h"
#include "engine/core/lower_case.h"
#include "engine/core/said.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <fmt/ranges.h>

namespace strata {

const ScheduleType* findScheduleType(std::string_view id) {
    const std::span<const ScheduleType> types = scheduleTypes();
    const std::string wanted = lowerCase(id);
    const auto it = std::ranges::find_if(types, [&](const ScheduleType& t) {
        const std::string name = lowerCase(t.schema.id);
        return name == wanted || name == wanted + "decay";
    });
    return it == types.end() ? nullptr : &*it;
}

const SchemaFamily& scheduleFamily() {
    static const SchemaFamily family = [] {
        SchemaFamily f{"schedule", {}};
        for (const ScheduleType& t : scheduleTypes())
            f.members.push_back(&t.schema);
        return f;
    }();
    return family;
}

Result<TypedParams> checkSchedule(const TypedParams& schedule) {
    const ScheduleType* type = findScheduleType(schedule.id);
    if (type == nullptr) {
        std::vector<std::string> ids;
        for (const ScheduleType& t : scheduleTypes())
            ids.push_back(t.schema.id);
        return failure("schedule.unknown", said("There is no schedule {}; there are {}.{}", schedule.id, fmt::join(ids, ", "), didYouMean(schedule.id, ids)));
    }
    Result<ParamMap> params = type->schema.check(schedule.params);
    if (!params) return params.error();
    if (const auto boundaries = params->find("boundaries"); boundaries != params->end()) {
        const auto& at = *boundaries->second.asReals();
        const auto& values = *params->at("values").asReals();
        if (values.size() != at.size() + 1) {
            return failure("schedule.boundaries",
                           said("{}: {} boundaries and {} values; there must be one value more than "
                                "boundaries.",
                                type->schema.id, at.size(), values.size()));
        }
        if (!std::ranges::is_sorted(at))
            return failure("schedule.order", said("{}: boundaries ({}) must rise; write the smaller ones first.", type->schema.id, fmt::join(at, ", ")));
    }
    return TypedParams{type->schema.id, std::move(*params)};
}

std::unique_ptr<Schedule> createSchedule(const TypedParams& which) {
    const ScheduleType* type = findScheduleType(which.id);
    assert(type != nullptr);
    return type->create(which.params);
}

std::int64_t runSteps(const TrainingSettings& settings, std::int64_t trainSamples) {
    const std::int64_t batch = std::max<std::int64_t>(settings.batchSize, 1);
    return (trainSamples + batch - 1) / batch * settings.epochs;
}

TypedParams overSteps(TypedParams schedule, std::int64_t steps) {
    const ScheduleType* type = findScheduleType(schedule.id);
    if (type == nullptr) return schedule;
    for (const char* key : kScheduleLengths) {
        if (type->schema.find(key) != nullptr && !schedule.params.contains(key))
            schedule.params[key] = std::max<std::int64_t>(steps, 1);
    }
    return schedule;
}

} // namespace strata
