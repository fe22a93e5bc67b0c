// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/shape.h"
#include "engine/training/callback.h"
#include "engine/training/metric.h"
#include "engine/training/settings.h"

#include <memory>
#include <span>

namespace strata {

/// The metrics of one pass over the data, fed with outputs and class numbers.
class MetricSet {
public:
    /// requires: each came out of checkMetric(). output: the shape of one prediction, (classes)
    MetricSet(std::span<const TypedParams> metrics, const Shape& output);
    /// Can they be measured on such outputs? Said before hours of training. requires: as the constructor
    static Result<> check(std::span<const TypedParams> metrics, const Shape& output);
    bool empty() const { return m_metrics.empty(); }
    /// output (samples, classes), labels (samples). The first error is kept and ends the measuring.
    void update(std::int64_t samples, const float* output, const std::int32_t* labels);
    void reset();
    std::vector<std::vector<double>> state() const; ///< one list a metric
    void setState(std::size_t metric, std::span<const double> state);
    std::size_t size() const { return m_metrics.size(); }
    /// By log name: "auc"; several values as "f1_score_0", "f1_score_1". NaN never stands in it.
    EpochLogs results() const;
    /// Empty, or why nothing is measured.
    const std::string& problem() const { return m_problem; }

private:
    struct Entry {
        std::string id, name;
        MetricTarget target;
        std::unique_ptr<Metric> metric;
    };
    std::vector<Entry> m_metrics;
    std::int64_t m_classes;
    std::string m_problem;
    MetricUpdate m_labels, m_oneHot; ///< kept, so that batches after the first do not grow them
};

/// Metrics and callbacks of one run.
class RunWatch {
public:
    /// `mayWrite` false: callbacks that write files keep their places and do nothing.
    RunWatch(const TrainingSettings& settings, const Shape& output, bool mayWrite = true);

    MetricSet& training() { return m_training; }
    MetricSet& validation() { return m_validation; }
    /// Figures of the metrics, "val_" before those of the validation images.
    EpochLogs figures() const;
    void epochEnd(std::int64_t epoch, const EpochLogs& logs, RunControl& run);
    void end(RunControl& run);
    /// What metrics and callbacks remember in the middle of a run, by names of their own, for a checkpoint.
    using State = std::map<std::string, std::vector<double>>;
    void addState(State& to) const;
    void setState(const State& from);

private:
    MetricSet m_training, m_validation;
    std::vector<std::unique_ptr<Callback>> m_callbacks;
};

/// Schedule, metrics and callbacks of the settings, with all their parameters. Errors: those of the first that does not
/// fit; a callback that changes the learning rate beside a schedule that sets it.
Result<TrainingSettings> checkWatch(TrainingSettings settings);

} // namespace strata
