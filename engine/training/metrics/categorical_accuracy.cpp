// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"

namespace strata::metrics {
namespace {

class CategoricalAccuracy final : public MeanMetric {
public:
    explicit CategoricalAccuracy(const NoMetricParams&) {}

protected:
    Result<> values(MetricValues& target, MetricValues& prediction) override {
        argmaxRows(target);
        argmaxRows(prediction);
        if (Result<> same = alignShapes(target, prediction); !same) return same;
        toMatches(target, prediction);
        return {};
    }
};

} // namespace

MetricType categorical_accuracy() {
    SchemaOf<NoMetricParams> s({.id = "CategoricalAccuracy",
                .category = "metric",
                .doc = "How often the largest prediction is the class of a one-hot target.",
                .reference = "https://keras.io/api/metrics/",
                .synonyms = {"categorical_accuracy"}});
    MetricType type = typeOf<MetricType, CategoricalAccuracy>(std::move(s));
    type.target = MetricTarget::OneHot;
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
