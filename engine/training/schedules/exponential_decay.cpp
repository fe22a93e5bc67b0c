// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/schedule_params.h"

#include <cmath>

namespace strata::schedules {
namespace {

struct Params {
    double initial = 0.01;
    std::int64_t steps = 1000;
    double rate = 0.96;
    bool staircase = false;
};

class ExponentialDecay final : public Schedule {
public:
    explicit ExponentialDecay(const Params& p)
        : m_params(p) {}
    double at(std::int64_t step) const override {
        const double passed = static_cast<double>(step) / static_cast<double>(m_params.steps);
        return m_params.initial * std::pow(m_params.rate, m_params.staircase ? std::floor(passed) : passed);
    }

private:
    Params m_params;
};

} // namespace

ScheduleType exponential_decay() {
    SchemaOf<Params> s({.id = "ExponentialDecay",
                        .category = "schedule",
                        .label = "Exponential decay",
                        .doc = "The rate falls by the same factor over every decay_steps updates.",
                        .reference = "https://keras.io/api/optimizers/learning_rate_schedules/exponential_decay/"});
    s.field(&Params::initial, initialRate());
    s.field(&Params::steps, decaySteps());
    s.field(&Params::rate, {.key = "decay_rate",
                            .label = "Decay rate",
                            .doc = "What the rate is multiplied by over decay_steps updates.",
                            .min = 0,
                            .exclusiveMin = true});
    s.field(&Params::staircase, staircase());
    return typeOf<ScheduleType, ExponentialDecay>(std::move(s));
}

} // namespace strata::schedules
