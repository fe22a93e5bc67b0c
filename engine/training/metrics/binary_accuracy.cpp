// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"

namespace strata::metrics {
namespace {

struct Params {
    double threshold = 0.5;
};

class BinaryAccuracy final : public MeanMetric {
public:
    explicit BinaryAccuracy(const Params& p)
        : m_params(p) {}

protected:
    Result<> values(MetricValues& target, MetricValues& prediction) override {
        if (Result<> same = alignShapes(target, prediction); !same) return same;
        for (std::size_t i = 0; i < target.data.size(); ++i) target.data[i] = target.data[i] == (prediction.data[i] > m_params.threshold ? 1 : 0) ? 1 : 0;
        return {};
    }

private:
    Params m_params;
};

} // namespace

MetricType binary_accuracy() {
    SchemaOf<Params> s({.id = "BinaryAccuracy",
                .category = "metric",
                .doc = "How often a prediction falls on the right side of a threshold.",
                .reference = "https://keras.io/api/metrics/",
                .synonyms = {"binary_accuracy"}});
    s.field(&Params::threshold, {.key = "threshold", .label = "Threshold", .doc = "Above it a prediction is a yes."});
    MetricType type = typeOf<MetricType, BinaryAccuracy>(std::move(s));
    type.target = MetricTarget::OneHot;
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
