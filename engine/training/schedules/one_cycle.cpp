// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/schedule_params.h"

#include <cmath>
#include <numbers>

namespace strata::schedules {
namespace {

struct Params {
    double initial = 0.004;
    double largest = 0.1;
    std::int64_t steps = 1000;
    double rise = 0.3;
    double end = 4e-7;
};

/// From `a` to `b` along half a cosine; t from 0 to 1.
double along(double a, double b, double t) {
    return b + (a - b) * 0.5 * (1 + std::cos(std::numbers::pi * t));
}

class OneCycle final : public Schedule {
public:
    explicit OneCycle(const Params& p)
        : m_params(p) {}
    double at(std::int64_t step) const override {
        const double last = static_cast<double>(m_params.steps) - 1;
        const double top = m_params.rise * static_cast<double>(m_params.steps) - 1;
        const auto now = static_cast<double>(step);
        if (now >= last) return m_params.end;
        if (now < top) return along(m_params.initial, m_params.largest, now / top);
        return along(m_params.largest, m_params.end, (now - top) / (last - top));
    }

private:
    Params m_params;
};

} // namespace

ScheduleType one_cycle() {
    SchemaOf<Params> s({.id = "OneCycle",
                        .category = "schedule",
                        .label = "One cycle",
                        .doc = "Rises to a large rate and falls far below the first one, over the whole run (Smith "
                               "and Topin 2018). Keras has no such schedule: a saved file keeps it for Strata only.",
                        .reference = "https://arxiv.org/abs/1708.07120",
                        .synonyms = {"1cycle", "super-convergence"}});
    s.field(&Params::initial, initialRate());
    s.field(&Params::largest, {.key = "max_learning_rate",
                               .label = "Largest rate",
                               .doc = "The rate at the top of the cycle.",
                               .min = 0,
                               .exclusiveMin = true});
    s.field(&Params::steps, {.key = "total_steps",
                             .label = "Steps",
                             .doc = "How many updates (batches) the cycle takes: the whole run.",
                             .min = 2,
                             .max = 1e15});
    s.field(&Params::rise, {.key = "pct_start",
                            .label = "Rise",
                            .doc = "The part of the steps in which the rate rises.",
                            .min = 0,
                            .max = 1,
                            .exclusiveMin = true,
                            .exclusiveMax = true});
    s.field(&Params::end, {.key = "end_learning_rate", .label = "End rate", .doc = "The rate at the end.", .min = 0});
    return typeOf<ScheduleType, OneCycle>(std::move(s));
}

} // namespace strata::schedules
