// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"

namespace strata::metrics {
namespace {

/// Of the predictions themselves: there is nothing to compare them with.
class Mean final : public Metric {
public:
    explicit Mean(const NoMetricParams&) {}
    Result<> update(const MetricUpdate& batch) override {
        const Result<SampleSums> sums = sumSamples(batch.prediction, batch.weight, true);
        if (!sums) return sums.error();
        m_sums.values += sums->values;
        m_sums.weights += sums->weights;
        return {};
    }
    std::vector<double> result() const override { return {m_sums.weights == 0 ? 0 : m_sums.values / m_sums.weights}; }
    void reset() override { m_sums = {}; }
    std::vector<double> state() const override { return {m_sums.values, m_sums.weights}; }
    void setState(std::span<const double> state) override {
        if (state.size() == 2) m_sums = {state[0], state[1]};
    }

private:
    SampleSums m_sums;
};

} // namespace

MetricType mean() {
    SchemaOf<NoMetricParams> s({.id = "Mean", .category = "metric", .doc = "The weighted mean of given values.", .reference = "https://keras.io/api/metrics/reduction_metrics/"});
    MetricType type = typeOf<MetricType, Mean>(std::move(s));
    type.target = MetricTarget::Values;
    return type;
}

} // namespace strata::metrics
