// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"

namespace strata::metrics {
namespace {

class SparseCategoricalAccuracy final : public MeanMetric {
public:
    explicit SparseCategoricalAccuracy(const NoMetricParams&) {}

protected:
    Result<> values(MetricValues& target, MetricValues& prediction) override {
        argmaxRows(prediction);
        toCommonShape(target, prediction);
        if (Result<> same = alignShapes(target, prediction); !same) return same;
        toMatches(target, prediction);
        return {};
    }
};

} // namespace

MetricType sparse_categorical_accuracy() {
    SchemaOf<NoMetricParams> s({.id = "SparseCategoricalAccuracy",
                .category = "metric",
                .doc = "How often the largest prediction is the class.",
                .reference = "https://keras.io/api/metrics/",
                .synonyms = {"sparse_categorical_accuracy"}});
    MetricType type = typeOf<MetricType, SparseCategoricalAccuracy>(std::move(s));
    type.target = MetricTarget::ClassNumbers;
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
