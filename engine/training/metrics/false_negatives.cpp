// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

namespace strata::metrics {
namespace {

struct Params {
    std::optional<std::vector<double>> thresholds;
};

class FalseNegatives final : public ConfusionMetric {
public:
    explicit FalseNegatives(const Params& p)
        : ConfusionMetric({.thresholds = thresholdsOr(p.thresholds.value_or(std::vector<double>()), false)}) {}
    std::vector<double> result() const override {
        std::vector<double> out;
        for (const ConfusionCounts& c : counts()) out.push_back(c.falseNegatives);
        return out;
    }
};

} // namespace

MetricType false_negatives() {
    SchemaOf<Params> s({.id = "FalseNegatives", .category = "metric", .doc = "How many predicted no are wrong.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&Params::thresholds, thresholdsParam());
    MetricType type = typeOf<MetricType, FalseNegatives>(std::move(s));
    type.higherIsBetter = false;
    return type;
}

} // namespace strata::metrics
