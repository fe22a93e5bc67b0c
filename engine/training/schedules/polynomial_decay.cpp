// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/schedule_params.h"

#include <algorithm>
#include <cmath>

namespace strata::schedules {
namespace {

struct Params {
    double initial = 0.01;
    std::int64_t steps = 1000;
    double end = 0.0001;
    double power = 1;
    bool cycle = false;
};

class PolynomialDecay final : public Schedule {
public:
    explicit PolynomialDecay(const Params& p)
        : m_params(p) {}
    double at(std::int64_t step) const override {
        const auto steps = static_cast<double>(m_params.steps);
        const auto now = static_cast<double>(step);
        // A cycle stretches the decay to the next whole multiple of its length.
        const double length = m_params.cycle ? steps * std::max(1.0, std::ceil(now / steps)) : steps;
        const double passed = std::min(now, length) / length;
        return (m_params.initial - m_params.end) * std::pow(1 - passed, m_params.power) + m_params.end;
    }

private:
    Params m_params;
};

} // namespace

ScheduleType polynomial_decay() {
    SchemaOf<Params> s({.id = "PolynomialDecay",
                        .category = "schedule",
                        .label = "Polynomial decay",
                        .doc = "The rate falls to an end rate along a power of the part that is left; with power 1 "
                               "along a straight line.",
                        .reference = "https://keras.io/api/optimizers/learning_rate_schedules/polynomial_decay/",
                        .synonyms = {"linear decay"}});
    s.field(&Params::initial, initialRate());
    s.field(&Params::steps, decaySteps());
    s.field(&Params::end, {.key = "end_learning_rate", .label = "End rate", .doc = "The rate at the end.", .min = 0});
    s.field(&Params::power, {.key = "power",
                             .label = "Power",
                             .doc = "1: a straight line; more: faster at first.",
                             .min = 0,
                             .exclusiveMin = true});
    s.field(&Params::cycle, {.key = "cycle",
                             .label = "Cycle",
                             .doc = "After decay_steps updates the rate rises again and falls more slowly, instead "
                                    "of staying at the end rate."});
    return typeOf<ScheduleType, PolynomialDecay>(std::move(s));
}

} // namespace strata::schedules
