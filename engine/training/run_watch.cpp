// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/run_watch.h"

#include "engine/core/said.h"
#include "engine/training/schedule.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace strata {

MetricSet::MetricSet(std::span<const TypedParams> metrics, const Shape& output)
    : m_classes(output.rank() == 0 ? 1 : output[-1]) {
    for (const TypedParams& m : metrics) {
        const std::string name = metricName(m.id);
        const auto same = std::ranges::count(m_metrics, m.id, &Entry::id);
        m_metrics.push_back({m.id, same == 0 ? name : fmt::format("{}_{}", name, same), findMetricType(m.id)->target, createMetric(m)});
    }
}

void MetricSet::update(std::int64_t samples, const float* output, const std::int32_t* labels) {
    if (m_metrics.empty() || !m_problem.empty()) return;
    const std::int64_t values = samples * m_classes;
    m_labels.prediction.shape = m_oneHot.prediction.shape = m_oneHot.target.shape = {samples, m_classes};
    m_labels.prediction.data.assign(output, output + values);
    m_oneHot.prediction.data = m_labels.prediction.data;
    m_labels.target.shape = {samples};
    m_labels.target.data.assign(labels, labels + samples);
    m_oneHot.target.data.assign(static_cast<std::size_t>(values), 0);
    for (std::int64_t n = 0; n < samples; ++n)
        m_oneHot.target.data[static_cast<std::size_t>(n * m_classes + labels[n])] = 1;
    for (const Entry& e : m_metrics) {
        const MetricUpdate& batch = e.target == MetricTarget::ClassNumbers ? m_labels : m_oneHot;
        if (const Result<> taken = e.metric->update(batch); !taken) m_problem = e.name + ": " + taken.error().message;
    }
}

void MetricSet::reset() {
    for (const Entry& e : m_metrics)
        e.metric->reset();
}

std::vector<std::vector<double>> MetricSet::state() const {
    std::vector<std::vector<double>> all;
    for (const Entry& e : m_metrics)
        all.push_back(e.metric->state());
    return all;
}

void MetricSet::setState(std::size_t metric, std::span<const double> state) {
    m_metrics[metric].metric->setState(state);
}

EpochLogs MetricSet::results() const {
    EpochLogs logs;
    if (!m_problem.empty()) return logs;
    for (const Entry& e : m_metrics) {
        const std::vector<double> values = e.metric->result();
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (!std::isfinite(values[i])) continue;
            logs[values.size() == 1 ? e.name : fmt::format("{}_{}", e.name, i)] = values[i];
        }
    }
    return logs;
}

Result<> MetricSet::check(std::span<const TypedParams> metrics, const Shape& output) {
    MetricSet set(metrics, output);
    const std::vector<float> prediction(static_cast<std::size_t>(set.m_classes), 1.0F / static_cast<float>(set.m_classes));
    const std::int32_t label = 0;
    set.update(1, prediction.data(), &label);
    if (set.m_problem.empty()) return {};
    return failure("metric.shape", said("The metric {} Take it away, or set it for {} outputs.", set.m_problem, set.m_classes));
}

namespace {

class Silent final : public Callback {
public:
    void epochEnd(std::int64_t epoch, const EpochLogs& logs, RunControl& run) override {
        (void)epoch;
        (void)logs;
        (void)run;
    }
};

} // namespace

RunWatch::RunWatch(const TrainingSettings& settings, const Shape& output, bool mayWrite)
    : m_training(settings.metrics, output)
    , m_validation(settings.metrics, output) {
    for (const TypedParams& c : settings.callbacks)
        m_callbacks.push_back(mayWrite || !writesFiles(c) ? createCallback(c) : std::make_unique<Silent>());
}

EpochLogs RunWatch::figures() const {
    EpochLogs logs = m_training.results();
    for (const auto& [name, value] : m_validation.results())
        logs["val_" + name] = value;
    return logs;
}

void RunWatch::epochEnd(std::int64_t epoch, const EpochLogs& logs, RunControl& run) {
    for (const std::unique_ptr<Callback>& c : m_callbacks)
        c->epochEnd(epoch, logs, run);
}

void RunWatch::end(RunControl& run) {
    for (const std::unique_ptr<Callback>& c : m_callbacks)
        c->end(run);
}

void RunWatch::addState(State& to) const {
    for (std::size_t i = 0; i < m_callbacks.size(); ++i)
        to[fmt::format("callback_{}", i)] = m_callbacks[i]->state();
    const std::vector<std::vector<double>> metrics = m_training.state(); // those of validation begin anew each time
    for (std::size_t i = 0; i < metrics.size(); ++i)
        to[fmt::format("metric_{}", i)] = metrics[i];
}

void RunWatch::setState(const State& from) {
    for (std::size_t i = 0; i < m_callbacks.size(); ++i) {
        if (const auto it = from.find(fmt::format("callback_{}", i)); it != from.end())
            m_callbacks[i]->setState(it->second);
    }
    for (std::size_t i = 0; i < m_training.size(); ++i) {
        if (const auto it = from.find(fmt::format("metric_{}", i)); it != from.end())
            m_training.setState(i, it->second);
    }
}

namespace {

/// Keras's rule for the files of ModelCheckpoint: it refuses others, too.
Result<> checkSavedFile(const TypedParams& callback) {
    const auto path = callback.params.find("filepath"), alone = callback.params.find("save_weights_only");
    if (path == callback.params.end() || alone == callback.params.end()) return {};
    const std::string& file = *path->second.asText();
    if (alone->second == ParamValue(true)) {
        if (file.ends_with(".weights.h5")) return {};
        return failure("callback.filepath",
                       said("{}: filepath = {} must end in .weights.h5 where save_weights_only is true.", callback.id, file));
    }
    if (file.ends_with(".keras")) return {};
    return failure("callback.filepath", said("{}: filepath = {} must end in .keras.", callback.id, file));
}

} // namespace

Result<TrainingSettings> checkWatch(TrainingSettings settings) {
    if (settings.schedule) {
        Result<TypedParams> schedule = checkSchedule(*settings.schedule);
        if (!schedule) return schedule.error();
        settings.schedule = std::move(*schedule);
    }
    for (TypedParams& metric : settings.metrics) {
        Result<TypedParams> checked = checkMetric(metric);
        if (!checked) return checked.error();
        metric = std::move(*checked);
    }
    bool restored = false;
    for (TypedParams& callback : settings.callbacks) {
        Result<TypedParams> checked = checkCallback(callback);
        if (!checked) return checked.error();
        callback = std::move(*checked);
        if (Result<> saved = checkSavedFile(callback); !saved) return saved.error();
        const auto restore = callback.params.find("restore_best_weights");
        const bool restores = restore != callback.params.end() && restore->second == ParamValue(true);
        if (restores && std::exchange(restored, true)) {
            return failure("callback.restore", said("Two callbacks restore the best weights; at the end only one of them can: switch "
                                                    "restore_best_weights off in the other."));
        }
        if (settings.schedule && callback.id == "ReduceLROnPlateau") {
            return failure("callback.schedule", said("ReduceLROnPlateau and the schedule {} both set the learning rate; "
                                                     "take one of them away.",
                                                     settings.schedule->id));
        }
    }
    return settings;
}

} // namespace strata
