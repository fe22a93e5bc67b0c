// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/training/monitor.h"
#include "engine/training/run_state.h"

#include <algorithm>

namespace strata::callbacks {
namespace {

struct Params : MonitorParams {
    Params() { minDelta = 1e-4; }
    double factor = 0.1;
    std::int64_t patience = 10;
    std::int64_t cooldown = 0;
    double minLr = 0;
};

class ReduceLrOnPlateau final : public Callback {
public:
    explicit ReduceLrOnPlateau(const Params& p)
        : m_params(p)
        , m_monitor(p) {}

    void epochEnd(std::int64_t, const EpochLogs& logs, RunControl& run) override {
        const std::optional<double> now = m_monitor.value(logs, run);
        if (!now) return;
        if (m_cooldown > 0) {
            --m_cooldown;
            m_wait = 0;
        }
        if (m_monitor.isBetter(*now, m_best)) {
            m_best = now;
            m_wait = 0;
            return;
        }
        if (m_cooldown > 0 || ++m_wait < m_params.patience) return;
        const double rate = run.learningRate();
        if (rate <= m_params.minLr) return;
        const double lower = std::max(rate * m_params.factor, m_params.minLr);
        run.setLearningRate(lower);
        run.remark(said("The learning rate was reduced to {:g}: {} does not get better.", lower, m_params.monitor));
        m_cooldown = m_params.cooldown;
        m_wait = 0;
    }
    std::vector<double> state() const override {
        return {orNan(m_best), static_cast<double>(m_wait), static_cast<double>(m_cooldown)};
    }
    void setState(std::span<const double> state) override {
        if (state.size() != 3) return;
        m_best = unlessNan(state[0]);
        m_wait = countOf(state[1]);
        m_cooldown = countOf(state[2]);
    }

private:
    Params m_params;
    Monitor m_monitor;
    std::optional<double> m_best;
    std::int64_t m_wait = 0, m_cooldown = 0;
};

} // namespace

CallbackType reduce_lr_on_plateau() {
    SchemaOf<Params> s({.id = "ReduceLROnPlateau",
                        .category = "callback",
                        .label = "Reduce rate on plateau",
                        .doc = "Lowers the learning rate when a figure has stopped getting better.",
                        .reference = "https://keras.io/api/callbacks/reduce_lr_on_plateau/"});
    addMonitor(s, true);
    s.field(&Params::factor, {.key = "factor",
                              .label = "Factor",
                              .doc = "What the rate is multiplied by.",
                              .min = 0,
                              .max = 1,
                              .exclusiveMin = true,
                              .exclusiveMax = true});
    s.field(&Params::patience, {.key = "patience",
                                .label = "Patience",
                                .doc = "How many epochs without an improvement are waited for.",
                                .min = 0,
                                .max = 1e9});
    s.field(&Params::cooldown, {.key = "cooldown",
                                .label = "Cooldown",
                                .doc = "How many epochs after a reduction nothing is counted.",
                                .min = 0,
                                .max = 1e9,
                                .advanced = true});
    s.field(&Params::minLr, {.key = "min_lr", .label = "Least rate", .doc = "The rate is never lower.", .min = 0, .advanced = true});
    return typeOf<CallbackType, ReduceLrOnPlateau>(std::move(s));
}

} // namespace strata::callbacks
