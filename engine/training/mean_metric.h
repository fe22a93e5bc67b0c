// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/metric.h"
#include "engine/training/typed_parts.h"

namespace strata {

/// A metric without parameters.
struct NoMetricParams {};

/// Ranks that differ by a last dimension of one are made equal, as Keras does before it compares.
void toSameRank(MetricValues& a, MetricValues& b);
/// Both as numpy broadcasts them to one shape, after toSameRank(); left alone where it could not.
void toCommonShape(MetricValues& a, MetricValues& b);
/// Both of the same shape after toSameRank(). Error: they are not.
Result<> alignShapes(MetricValues& target, MetricValues& prediction);
/// `weight` as numpy broadcasts it to `shape`. Error: it cannot.
Result<MetricValues> broadcastWeight(const MetricValues& weight, const std::vector<std::int64_t>& shape);

/// A batch's arrays, copied so that they may be changed; kept, so that batches after the first take no memory.
struct MetricScratch {
    MetricValues target, prediction;
    void take(const MetricUpdate& batch) {
        target = batch.target;
        prediction = batch.prediction;
    }
};

/// The weighted mean over samples of a value for each of them (Keras: MeanMetricWrapper; a value that is an array is
/// reduced to its mean within the sample).
class MeanMetric : public Metric {
public:
    Result<> update(const MetricUpdate& batch) override;
    std::vector<double> result() const override { return {m_count == 0 ? 0 : m_total / m_count}; }
    void reset() override { m_total = m_count = 0; }
    std::vector<double> state() const final { return {m_total, m_count}; }
    void setState(std::span<const double> state) final;

protected:
    /// Makes (N, ...) of a batch's copies: `target` is overwritten with it, `prediction` with anything.
    virtual Result<> values(MetricValues& target, MetricValues& prediction) = 0;

private:
    MetricScratch m_scratch;
    double m_total = 0, m_count = 0;
};

/// Values (N, ...) reduced to one a sample, in place, with its weight: sums of both. `mean`: by mean, else by sum.
struct SampleSums {
    double values = 0, weights = 0;
};
Result<SampleSums> sumSamples(MetricValues& values, const std::optional<MetricValues>& weight, bool mean);

/// The sum or the mean of the predictions themselves: there is nothing to compare them with.
template <bool kMean>
class ReductionMetric final : public Metric {
public:
    explicit ReductionMetric(const NoMetricParams&) {}
    Result<> update(const MetricUpdate& batch) override {
        m_values = batch.prediction;
        const Result<SampleSums> sums = sumSamples(m_values, batch.weight, kMean);
        if (!sums) return sums.error();
        m_sums.values += sums->values;
        m_sums.weights += sums->weights;
        return {};
    }
    std::vector<double> result() const override {
        if (!kMean) return {m_sums.values};
        return {m_sums.weights == 0 ? 0 : m_sums.values / m_sums.weights};
    }
    void reset() override { m_sums = {}; }
    std::vector<double> state() const override { return {m_sums.values, m_sums.weights}; }
    void setState(std::span<const double> state) override {
        if (state.size() == 2) m_sums = {state[0], state[1]};
    }

private:
    SampleSums m_sums;
    MetricValues m_values; ///< kept from batch to batch
};

/// The index of the largest value in each row of the last axis, in place: (..., C) -> (...).
void argmaxRows(MetricValues& values);
/// `target` becomes 1 where it is the prediction, else 0. requires: the same shape
void toMatches(MetricValues& target, const MetricValues& prediction);

} // namespace strata
