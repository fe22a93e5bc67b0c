// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"

#include <cmath>

namespace strata::metrics {
namespace {

class RootMeanSquaredError final : public MeanMetric {
public:
    explicit RootMeanSquaredError(const NoMetricParams&) {}
    std::vector<double> result() const override { return {std::sqrt(MeanMetric::result().front())}; }

protected:
    Result<> values(MetricValues& target, MetricValues& prediction) override {
        if (Result<> same = alignShapes(target, prediction); !same) return same;
        for (std::size_t i = 0; i < target.data.size(); ++i) {
            const double off = target.data[i] - prediction.data[i];
            target.data[i] = off * off;
        }
        return {};
    }
};

} // namespace

MetricType root_mean_squared_error() {
    SchemaOf<NoMetricParams> s({.id = "RootMeanSquaredError",
                                .category = "metric",
                                .doc = "The root of the mean squared difference, in the unit of the targets.",
                                .reference = "https://keras.io/api/metrics/regression_metrics/"});
    MetricType type = typeOf<MetricType, RootMeanSquaredError>(std::move(s));
    type.target = MetricTarget::OneHot;
    type.higherIsBetter = false;
    return type;
}

} // namespace strata::metrics
