// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

namespace strata::metrics {
namespace {

struct Params {
    std::optional<std::vector<double>> thresholds;
    std::optional<std::int64_t> topK;
    std::optional<std::int64_t> classId;
};

class Precision final : public ConfusionMetric {
public:
    explicit Precision(const Params& p)
        : ConfusionMetric({.thresholds = thresholdsOr(p.thresholds.value_or(std::vector<double>()), p.topK.has_value()), .topK = p.topK, .classId = p.classId}) {}
    std::vector<double> result() const override {
        std::vector<double> out;
        for (const ConfusionCounts& c : counts()) out.push_back(c.precision());
        return out;
    }
};

} // namespace

MetricType precision() {
    SchemaOf<Params> s({.id = "Precision", .category = "metric", .doc = "Which part of what was predicted as yes is right.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&Params::thresholds, thresholdsParam());
    s.field(&Params::topK, topKParam());
    s.field(&Params::classId, classIdParam());
    return typeOf<MetricType, Precision>(std::move(s));
}

} // namespace strata::metrics
