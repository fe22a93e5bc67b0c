// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"
#include "engine/training/top_k.h"

namespace strata::metrics {
namespace {

struct Params {
    std::int64_t k = 5;
    bool sorted = false;
};

class SparseTopKCategoricalAccuracy final : public MeanMetric {
public:
    explicit SparseTopKCategoricalAccuracy(const Params& p)
        : m_params(p) {}

protected:
    Result<> values(MetricValues& target, MetricValues& prediction) override {
        return m_params.sorted ? amongFirst(target, prediction, m_params.k) : inTopK(target, prediction, m_params.k);
    }

private:
    Params m_params;
};

} // namespace

MetricType sparse_top_k_categorical_accuracy() {
    SchemaOf<Params> s({.id = "SparseTopKCategoricalAccuracy",
                .category = "metric",
                .doc = "How often the class is among the k largest predictions.",
                .reference = "https://keras.io/api/metrics/",
                .synonyms = {"sparse_top_k_categorical_accuracy", "top 5"}});
    s.field(&Params::k, {.key = "k", .label = "k", .doc = "How many of the largest predictions count.", .min = 1});
    s.field(&Params::sorted, {.key = "from_sorted_ids", .label = "Sorted ids", .doc = "The predictions are class numbers already, the likeliest first."});
    MetricType type = typeOf<MetricType, SparseTopKCategoricalAccuracy>(std::move(s));
    type.target = MetricTarget::ClassNumbers;
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
