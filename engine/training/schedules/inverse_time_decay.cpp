// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/schedule_params.h"

#include <cmath>

namespace strata::schedules {
namespace {

struct Params {
    double initial = 0.01;
    std::int64_t steps = 1000;
    double rate = 0.5;
    bool staircase = false;
};

class InverseTimeDecay final : public Schedule {
public:
    explicit InverseTimeDecay(const Params& p)
        : m_params(p) {}
    double at(std::int64_t step) const override {
        const double passed = static_cast<double>(step) / static_cast<double>(m_params.steps);
        return m_params.initial / (1 + m_params.rate * (m_params.staircase ? std::floor(passed) : passed));
    }

private:
    Params m_params;
};

} // namespace

ScheduleType inverse_time_decay() {
    SchemaOf<Params> s({.id = "InverseTimeDecay",
                        .category = "schedule",
                        .label = "Inverse time decay",
                        .doc = "The rate falls as 1 / (1 + decay_rate * t), fast at first and slower later.",
                        .reference = "https://keras.io/api/optimizers/learning_rate_schedules/inverse_time_decay/"});
    s.field(&Params::initial, initialRate());
    s.field(&Params::steps, decaySteps());
    s.field(&Params::rate, {.key = "decay_rate",
                            .label = "Decay rate",
                            .doc = "How much is added to the divisor over decay_steps updates.",
                            .min = 0});
    s.field(&Params::staircase, staircase());
    return typeOf<ScheduleType, InverseTimeDecay>(std::move(s));
}

} // namespace strata::schedules
