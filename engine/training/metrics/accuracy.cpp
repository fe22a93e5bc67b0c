// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"

namespace strata::metrics {
namespace {

class Accuracy final : public MeanMetric {
public:
    explicit Accuracy(const NoMetricParams&) {}

protected:
    Result<> values(MetricValues& target, MetricValues& prediction) override {
        if (Result<> same = alignShapes(target, prediction); !same) return same;
        toMatches(target, prediction);
        return {};
    }
};

} // namespace

MetricType accuracy() {
    SchemaOf<NoMetricParams> s({.id = "Accuracy",
                .category = "metric",
                .doc = "How often the prediction is the target itself: for class numbers on both sides.",
                .reference = "https://keras.io/api/metrics/",
                .synonyms = {}});
    MetricType type = typeOf<MetricType, Accuracy>(std::move(s));
    type.target = MetricTarget::ClassNumbers;
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
