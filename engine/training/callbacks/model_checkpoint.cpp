// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/log_file_name.h"
#include "engine/training/monitor.h"

namespace strata::callbacks {
namespace {

struct Params : MonitorParams {
    std::string filepath = "best.keras";
    bool bestOnly = false;
    bool weightsOnly = false;
    std::optional<double> threshold;
};

class ModelCheckpoint final : public Callback {
public:
    explicit ModelCheckpoint(const Params& p)
        : m_params(p)
        , m_monitor(p)
        , m_best(p.threshold) {}

    void epochEnd(std::int64_t epoch, const EpochLogs& logs, RunControl& run) override {
        if (m_params.bestOnly) {
            const std::optional<double> now = m_monitor.value(logs, run);
            if (!now || !m_monitor.isBetter(*now, m_best)) return;
            m_best = now;
        }
        const Result<std::string> path = logFileName(m_params.filepath, epoch, logs);
        const Result<> saved = path ? run.save(*path, m_params.weightsOnly) : Result<>(path.error());
        if (!saved) run.remark("ModelCheckpoint: " + saved.error().message);
    }
    std::vector<double> state() const override { return {orNan(m_best)}; }
    void setState(std::span<const double> state) override {
        if (state.size() == 1) m_best = unlessNan(state[0]);
    }

private:
    Params m_params;
    Monitor m_monitor;
    std::optional<double> m_best;
};

} // namespace

CallbackType model_checkpoint() {
    SchemaOf<Params> s({.id = "ModelCheckpoint",
                        .category = "callback",
                        .label = "Save while training",
                        .doc = "Writes the network to a file after each epoch, or after each that is the best so far.",
                        .reference = "https://keras.io/api/callbacks/model_checkpoint/"});
    s.field(&Params::filepath, {.key = "filepath",
                                .label = "File",
                                .doc = "A .keras file (.weights.h5 for weights only); {epoch:02d} and {val_loss:.3f} in it "
                                       "become the epoch's figures."});
    addMonitor(s, false);
    s.field(&Params::bestOnly, {.key = "save_best_only",
                                .label = "Best only",
                                .doc = "Only an epoch that is better than all before it is saved."});
    s.field(&Params::weightsOnly, {.key = "save_weights_only",
                                   .label = "Weights only",
                                   .doc = "The weights alone, as a .weights.h5 file."});
    s.field(&Params::threshold, {.key = "initial_value_threshold",
                                 .label = "Better than",
                                 .doc = "The first epoch is saved only when it is better than this. None: always.",
                                 .advanced = true});
    CallbackType type = typeOf<CallbackType, ModelCheckpoint>(std::move(s));
    type.writesFiles = true;
    return type;
}

} // namespace strata::callbacks
