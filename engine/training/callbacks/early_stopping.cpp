// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/training/monitor.h"
#include "engine/training/run_state.h"

#include <array>

namespace strata::callbacks {
namespace {

struct Params : MonitorParams {
    std::int64_t patience = 0;
    std::optional<double> baseline;
    bool restoreBest = false;
    std::int64_t startFromEpoch = 0;
};

class EarlyStopping final : public Callback {
public:
    explicit EarlyStopping(const Params& p)
        : m_params(p)
        , m_monitor(p) {}

    void epochEnd(std::int64_t epoch, const EpochLogs& logs, RunControl& run) override {
        const std::optional<double> now = m_monitor.value(logs, run);
        if (!now || epoch < m_params.startFromEpoch) return;
        if (m_params.restoreBest && !m_kept) keep(run, epoch); // so that there is something to go back to
        ++m_wait;
        if (m_monitor.isBetter(*now, m_best)) {
            m_best = now;
            m_bestEpoch = epoch;
            if (m_params.restoreBest) keep(run, epoch);
            if (m_monitor.isBetter(*now, m_params.baseline)) m_wait = 0;
            return;
        }
        if (m_wait < m_params.patience || epoch == 0) return;
        run.stop(epoch - m_bestEpoch == 1
                     ? said("Stopped early: {} was best in epoch {} and has not got better in 1 epoch since.", m_params.monitor, m_bestEpoch + 1)
                     : said("Stopped early: {} was best in epoch {} and has not got better in {} epochs since.", m_params.monitor,
                            m_bestEpoch + 1, epoch - m_bestEpoch));
    }
    void end(RunControl& run) override {
        if (m_params.restoreBest && m_kept) run.restoreWeights();
    }
    std::vector<double> state() const override {
        return {orNan(m_best), static_cast<double>(m_bestEpoch), static_cast<double>(m_wait), m_kept ? 1.0 : 0.0};
    }
    void setState(std::span<const double> state) override {
        if (state.size() != 4) return;
        m_best = unlessNan(state[0]);
        m_bestEpoch = countOf(state[1]);
        m_wait = countOf(state[2]);
        m_kept = state[3] != 0;
    }

private:
    void keep(RunControl& run, std::int64_t epoch) {
        run.keepWeights();
        m_kept = true;
        m_bestEpoch = epoch;
    }
    Params m_params;
    Monitor m_monitor;
    std::optional<double> m_best;
    std::int64_t m_bestEpoch = 0, m_wait = 0;
    bool m_kept = false;
};

} // namespace

CallbackType early_stopping() {
    SchemaOf<Params> s({.id = "EarlyStopping",
                        .category = "callback",
                        .label = "Early stopping",
                        .doc = "Ends the run when a figure has not got better for some epochs.",
                        .reference = "https://keras.io/api/callbacks/early_stopping/"});
    addMonitor(s, true);
    s.field(&Params::patience, {.key = "patience",
                                .label = "Patience",
                                .doc = "How many epochs without an improvement are waited for.",
                                .min = 0,
                                .max = 1e9});
    s.field(&Params::baseline, {.key = "baseline",
                                .label = "Baseline",
                                .doc = "Until the figure is better than this, improvements do not restart the waiting. "
                                       "None: every improvement does.",
                                .advanced = true});
    s.field(&Params::restoreBest, {.key = "restore_best_weights",
                                   .label = "Restore best weights",
                                   .doc = "At the end the weights are those of the best epoch."});
    s.field(&Params::startFromEpoch, {.key = "start_from_epoch",
                                      .label = "From epoch",
                                      .doc = "Earlier epochs do not count; the first one is 0.",
                                      .min = 0,
                                      .max = 1e9,
                                      .advanced = true});
    return typeOf<CallbackType, EarlyStopping>(std::move(s));
}

} // namespace strata::callbacks
