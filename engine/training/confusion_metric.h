// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/mean_metric.h"

#include <functional>

namespace strata {

/// Weighted counts at one threshold.
struct ConfusionCounts {
    double truePositives = 0, falsePositives = 0, trueNegatives = 0, falseNegatives = 0;
    double precision() const;   ///< tp / (tp + fp); 0 where nothing was predicted
    double recall() const;      ///< tp / (tp + fn); also sensitivity
    double specificity() const; ///< tn / (tn + fp)
};

/// Counts of predictions above each of some thresholds against targets that are 0 or not (Keras:
/// update_confusion_matrix_variables).
class ConfusionMetric : public Metric {
public:
    struct Options {
        std::vector<double> thresholds{0.5};
        std::optional<std::int64_t> topK;    ///< only the k largest of each row count as predicted
        std::optional<std::int64_t> classId; ///< only this column counts
        bool fromLogits = false;             ///< predictions go through a sigmoid first
        /// Thresholds are i / (n - 1) of n: a prediction is put into its interval in float32, as Keras does, so that
        /// values on a threshold fall on the same side.
        bool even = false;
        std::vector<double> labelWeights{}; ///< of each column; empty: all 1
        bool eachColumn = false;            ///< counts of each column by itself
    };
    Result<> update(const MetricUpdate& batch) final;
    void reset() final { m_counts.assign(m_counts.size(), {}); }
    std::vector<double> state() const final;
    void setState(std::span<const double> state) final;

protected:
    explicit ConfusionMetric(Options options);
    const Options& options() const { return m_options; }
    /// (columns or 1, thresholds)
    std::span<const ConfusionCounts> counts() const { return m_counts; }

private:
    void count(std::span<ConfusionCounts> at, double prediction, bool positive, double weight) const;
    Options m_options;
    std::vector<ConfusionCounts> m_counts;
    MetricScratch m_scratch;
    std::vector<std::int64_t> m_order;
};

/// n thresholds from 0 to 1, evenly.
std::vector<double> evenThresholds(std::int64_t n);
/// Keras's `thresholds=None`: 0.5, or everything that is among the top k.
std::vector<double> thresholdsOr(const std::vector<double>& given, bool topK);

/// A metric with a result at each threshold.
struct ThresholdParams {
    std::optional<std::vector<double>> thresholds;
    std::optional<std::int64_t> topK, classId;
};
ConfusionMetric::Options optionsOf(const ThresholdParams& params);

/// `kValue`: a member of ConfusionCounts.
template <auto kValue>
class ThresholdMetric final : public ConfusionMetric {
public:
    explicit ThresholdMetric(const ThresholdParams& params)
        : ConfusionMetric(optionsOf(params)) {}
    std::vector<double> result() const override {
        std::vector<double> out;
        for (const ConfusionCounts& c : counts())
            out.push_back(std::invoke(kValue, c));
        return out;
    }
};

Param thresholdsParam();
Param classIdParam();
Param topKParam();
Param thresholdCountParam();

} // namespace strata
