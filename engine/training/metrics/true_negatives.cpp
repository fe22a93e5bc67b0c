// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

namespace strata::metrics {
namespace {

struct Params {
    std::optional<std::vector<double>> thresholds;
};

class TrueNegatives final : public ConfusionMetric {
public:
    explicit TrueNegatives(const Params& p)
        : ConfusionMetric({.thresholds = thresholdsOr(p.thresholds.value_or(std::vector<double>()), false)}) {}
    std::vector<double> result() const override {
        std::vector<double> out;
        for (const ConfusionCounts& c : counts()) out.push_back(c.trueNegatives);
        return out;
    }
};

} // namespace

MetricType true_negatives() {
    SchemaOf<Params> s({.id = "TrueNegatives", .category = "metric", .doc = "How many predicted no are right.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&Params::thresholds, thresholdsParam());
    MetricType type = typeOf<MetricType, TrueNegatives>(std::move(s));
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
