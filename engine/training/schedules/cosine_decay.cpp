// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/schedule_params.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace strata::schedules {
namespace {

struct Params {
    double initial = 0.01;
    std::int64_t steps = 1000;
    double alpha = 0;
    std::optional<double> warmupTarget;
    std::int64_t warmupSteps = 0;
};

class CosineDecay final : public Schedule {
public:
    explicit CosineDecay(const Params& p)
        : m_params(p) {}
    double at(std::int64_t step) const override {
        if (!m_params.warmupTarget) return decayed(m_params.initial, step);
        const double target = *m_params.warmupTarget;
        if (step >= m_params.warmupSteps) return decayed(target, step - m_params.warmupSteps);
        const double passed = static_cast<double>(step) / static_cast<double>(m_params.warmupSteps);
        return m_params.initial + (target - m_params.initial) * passed;
    }

private:
    double decayed(double from, std::int64_t step) const {
        const double passed =
            static_cast<double>(std::min(step, m_params.steps)) / static_cast<double>(m_params.steps);
        const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * passed));
        return from * ((1 - m_params.alpha) * cosine + m_params.alpha);
    }
    Params m_params;
};

} // namespace

ScheduleType cosine_decay() {
    SchemaOf<Params> s({.id = "CosineDecay",
                        .category = "schedule",
                        .label = "Cosine decay",
                        .doc = "The rate falls along half a cosine, slowly at first and at the end; it may rise to a "
                               "target in a warm-up before (Loshchilov and Hutter 2017).",
                        .reference = "https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay/",
                        .synonyms = {"warm-up"}});
    s.field(&Params::initial, {.key = kInitialRate,
                               .label = "Initial rate",
                               .doc = "The learning rate of the first update.",
                               .min = 0});
    s.field(&Params::steps, decaySteps());
    s.field(&Params::alpha, smallestPart());
    s.field(&Params::warmupTarget, {.key = "warmup_target",
                                    .label = "Warm-up target",
                                    .doc = "The rate that a warm-up rises to before the fall. None: no warm-up.",
                                    .min = 0});
    s.field(&Params::warmupSteps, {.key = "warmup_steps",
                                   .label = "Warm-up steps",
                                   .doc = "How many updates the warm-up takes.",
                                   .min = 0,
                                   .max = 1e15});
    return typeOf<ScheduleType, CosineDecay>(std::move(s));
}

} // namespace strata::schedules
