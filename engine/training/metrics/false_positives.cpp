// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

namespace strata::metrics {
namespace {

struct Params {
    std::optional<std::vector<double>> thresholds;
};

class FalsePositives final : public ConfusionMetric {
public:
    explicit FalsePositives(const Params& p)
        : ConfusionMetric({.thresholds = thresholdsOr(p.thresholds.value_or(std::vector<double>()), false)}) {}
    std::vector<double> result() const override {
        std::vector<double> out;
        for (const ConfusionCounts& c : counts()) out.push_back(c.falsePositives);
        return out;
    }
};

} // namespace

MetricType false_positives() {
    SchemaOf<Params> s({.id = "FalsePositives", .category = "metric", .doc = "How many predicted yes are wrong.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&Params::thresholds, thresholdsParam());
    MetricType type = typeOf<MetricType, FalsePositives>(std::move(s));
    type.higherIsBetter = false;
    return type;
}

} // namespace strata::metrics
