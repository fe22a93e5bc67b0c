// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/schedule.h"
#include "tests/keras_cases/keras_values.h"

#include <fmt/format.h>

namespace strata::keras_cases {
namespace {

Outcome runSchedule(const Json& c) {
    const std::string name = c.at("schedule");
    const ScheduleType* type = findScheduleType(name);
    if (type == nullptr) return unsupported("schedule " + name);
    const Converted converted = convert(type->schema, c.at("config"));
    if (!converted.lacking.empty()) return unsupported(name + " " + converted.lacking);
    if (!converted.refused.empty()) return failed(converted.refused);
    const Result<TypedParams> checked = checkSchedule({type->schema.id, converted.params});
    if (!checked) return failed(checked.error().message);
    const std::unique_ptr<Schedule> schedule = createSchedule(*checked);
    if (c.at("steps").size() != c.at("values").size()) return failed("steps and values are not as many");
    for (std::size_t i = 0; i < c["steps"].size(); ++i) {
        const auto step = c["steps"][i].get<std::int64_t>();
        const double got = schedule->at(step);
        const std::string why = difference(fmt::format("rate at step {}", step), std::span(&got, 1),
                                           Array{{}, {c["values"][i].get<double>()}}, 1e-5, 1e-9);
        if (!why.empty()) return failed(why);
    }
    return passed();
}

} // namespace

Suite scheduleSuite() {
    return {.files = {"lr_schedules.json"},
            .run = runSchedule,
            .compared = {"values"},
            .understood = {"id", "schedule", "source", "config", "steps"}};
}

} // namespace strata::keras_cases
