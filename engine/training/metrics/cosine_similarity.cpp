// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"
#include "engine/training/row_statistics.h"

namespace strata::metrics {
namespace {

class CosineSimilarity final : public MeanMetric {
public:
    explicit CosineSimilarity(const NoMetricParams&) {}

protected:
    Result<MetricValues> values(const MetricValues& givenTarget, const MetricValues& givenPrediction) const override {
        MetricValues target = givenTarget, prediction = givenPrediction;
        if (Result<> same = alignShapes(target, prediction); !same) return same.error();
        if (target.shape.empty()) return target;
        const auto n = static_cast<std::size_t>(target.shape.back());
        target.shape.pop_back();
        for (std::size_t first = 0, row = 0; first < target.data.size(); first += n, ++row) {
            target.data[row] = cosine(std::span(target.data).subspan(first, n), std::span(prediction.data).subspan(first, n));
        }
        target.data.resize(n == 0 ? 0 : target.data.size() / n);
        return target;
    }
};

} // namespace

MetricType cosine_similarity() {
    SchemaOf<NoMetricParams> s({.id = "CosineSimilarity",
                .category = "metric",
                .doc = "The cosine of the angle between target and prediction, over the last axis.",
                .reference = "https://keras.io/api/metrics/",
                .synonyms = {"cosine_similarity"}});
    MetricType type = typeOf<MetricType, CosineSimilarity>(std::move(s));
    type.target = MetricTarget::OneHot;
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
