// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"
#include "engine/training/top_k.h"

namespace strata::metrics {
namespace {

struct Params {
    std::int64_t k = 5;
};

class TopKCategoricalAccuracy final : public MeanMetric {
public:
    explicit TopKCategoricalAccuracy(const Params& p)
        : m_params(p) {}

protected:
    Result<> values(MetricValues& target, MetricValues& prediction) override {
        argmaxRows(target);
        return inTopK(target, prediction, m_params.k);
    }

private:
    Params m_params;
};

} // namespace

MetricType top_k_categorical_accuracy() {
    SchemaOf<Params> s({.id = "TopKCategoricalAccuracy",
                .category = "metric",
                .doc = "How often the class of a one-hot target is among the k largest predictions.",
                .reference = "https://keras.io/api/metrics/",
                .synonyms = {"top_k_categorical_accuracy", "top 5"}});
    s.field(&Params::k, {.key = "k", .label = "k", .doc = "How many of the largest predictions count.", .min = 1});
    MetricType type = typeOf<MetricType, TopKCategoricalAccuracy>(std::move(s));
    type.target = MetricTarget::OneHot;
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
