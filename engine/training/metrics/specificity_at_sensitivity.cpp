// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

#include <algorithm>

namespace strata::metrics {
namespace {

struct Params {
    double sensitivity = 0.5;
    std::int64_t thresholds = 200;
    std::optional<std::int64_t> classId;
};

class SpecificityAtSensitivity final : public ConfusionMetric {
public:
    explicit SpecificityAtSensitivity(const Params& p)
        : ConfusionMetric({.thresholds = evenThresholds(p.thresholds), .classId = p.classId, .even = true}), m_least(p.sensitivity) {}
    std::vector<double> result() const override {
        double best = 0;
        for (const ConfusionCounts& c : counts()) {
            if (c.recall() >= m_least) best = std::max(best, c.specificity());
        }
        return {best};
    }

private:
    double m_least;
};

} // namespace

MetricType specificity_at_sensitivity() {
    SchemaOf<Params> s({.id = "SpecificityAtSensitivity", .category = "metric", .doc = "The best specificity at a threshold whose sensitivity (recall) is at least the one asked for.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&Params::sensitivity, {.key = "sensitivity", .label = "At least", .doc = "The sensitivity that is asked for.", .min = 0, .max = 1});
    s.field(&Params::thresholds, thresholdCountParam());
    s.field(&Params::classId, classIdParam());
    return typeOf<MetricType, SpecificityAtSensitivity>(std::move(s));
}

} // namespace strata::metrics
