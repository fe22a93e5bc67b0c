// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"

namespace strata::metrics {
namespace {

class SparseCategoricalAccuracy final : public MeanMetric {
public:
    explicit SparseCategoricalAccuracy(const NoMetricParams&) {}

protected:
    Result<MetricValues> values(const MetricValues& givenTarget, const MetricValues& givenPrediction) const override {
        MetricValues target = givenTarget, prediction = argmaxRows(givenPrediction);
        toCommonShape(target, prediction);
        if (Result<> same = alignShapes(target, prediction); !same) return same.error();
        for (std::size_t i = 0; i < target.data.size(); ++i) target.data[i] = target.data[i] == prediction.data[i] ? 1 : 0;
        return target;
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
