// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/schedule_params.h"

#include <cmath>
#include <numbers>

namespace strata::schedules {
namespace {

struct Params {
    double initial = 0.01;
    std::int64_t firstSteps = 1000;
    double tMul = 2;
    double mMul = 1;
    double alpha = 0;
};

class CosineDecayRestarts final : public Schedule {
public:
    explicit CosineDecayRestarts(const Params& p)
        : m_params(p) {}
    double at(std::int64_t step) const override {
        const double passed = static_cast<double>(step) / static_cast<double>(m_params.firstSteps);
        const double t = m_params.tMul;
        double period = 0, within = 0; // which one, and the part of it that has passed
        if (t == 1) {
            period = std::floor(passed);
            within = passed - period;
        } else {
            // Periods of lengths 1, t, t^2, ...: their sum is a geometric series.
            period = std::floor(std::log(1 - passed * (1 - t)) / std::log(t));
            const double before = (1 - std::pow(t, period)) / (1 - t);
            within = (passed - before) / std::pow(t, period);
        }
        const double cosine = 0.5 * std::pow(m_params.mMul, period) * (1 + std::cos(std::numbers::pi * within));
        return m_params.initial * ((1 - m_params.alpha) * cosine + m_params.alpha);
    }

private:
    Params m_params;
};

} // namespace

ScheduleType cosine_decay_restarts() {
    SchemaOf<Params> s(
        {.id = "CosineDecayRestarts",
         .category = "schedule",
         .label = "Cosine decay with restarts",
         .doc = "Falls along half a cosine and begins again, each time longer and, if wanted, lower (SGDR, Loshchilov "
                "and Hutter 2017).",
         .reference = "https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay_restarts/",
         .synonyms = {"warm restarts", "SGDR"}});
    s.field(&Params::initial, initialRate());
    s.field(&Params::firstSteps, decaySteps("first_decay_steps"));
    s.field(&Params::tMul, {.key = "t_mul",
                            .label = "Longer by",
                            .doc = "Each period is so many times as long as the one before.",
                            .min = 1});
    s.field(&Params::mMul, {.key = "m_mul",
                            .label = "Lower by",
                            .doc = "Each period starts from this part of the rate of the one before.",
                            .min = 0});
    s.field(&Params::alpha, smallestPart());
    return typeOf<ScheduleType, CosineDecayRestarts>(std::move(s));
}

} // namespace strata::schedules
