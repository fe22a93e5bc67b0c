// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/schedule_params.h"

#include <algorithm>

namespace strata::schedules {
namespace {

struct Params {
    std::vector<double> boundaries{1000, 2000};
    std::vector<double> values{0.01, 0.003, 0.001};
};

class PiecewiseConstantDecay final : public Schedule {
public:
    explicit PiecewiseConstantDecay(const Params& p)
        : m_params(p) {}
    double at(std::int64_t step) const override {
        // A boundary belongs to the piece before it.
        const auto piece = std::ranges::lower_bound(m_params.boundaries, static_cast<double>(step));
        return m_params.values[static_cast<std::size_t>(piece - m_params.boundaries.begin())];
    }

private:
    Params m_params;
};

} // namespace

ScheduleType piecewise_constant_decay() {
    SchemaOf<Params> s(
        {.id = "PiecewiseConstantDecay",
         .category = "schedule",
         .label = "Piecewise constant",
         .doc = "One rate up to the first boundary, the next one up to the second, and so on.",
         .reference = "https://keras.io/api/optimizers/learning_rate_schedules/piecewise_constant_decay/",
         .synonyms = {"step decay", "milestones"}});
    s.field(&Params::boundaries, {.key = "boundaries",
                                  .label = "Boundaries",
                                  .doc = "The last update of each piece but the last one, rising.",
                                  .min = 0});
    s.field(&Params::values, {.key = "values",
                              .label = "Rates",
                              .doc = "The learning rate of each piece: one more than boundaries.",
                              .min = 0});
    return typeOf<ScheduleType, PiecewiseConstantDecay>(std::move(s));
}

} // namespace strata::schedules
