// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

#include <algorithm>

namespace strata::metrics {
namespace {

struct Params {
    double specificity = 0.5;
    std::int64_t thresholds = 200;
    std::optional<std::int64_t> classId;
};

class SensitivityAtSpecificity final : public ConfusionMetric {
public:
    explicit SensitivityAtSpecificity(const Params& p)
        : ConfusionMetric({.thresholds = evenThresholds(p.thresholds), .classId = p.classId, .even = true}), m_least(p.specificity) {}
    std::vector<double> result() const override {
        double best = 0;
        for (const ConfusionCounts& c : counts()) {
            if (c.specificity() >= m_least) best = std::max(best, c.recall());
        }
        return {best};
    }

private:
    double m_least;
};

} // namespace

MetricType sensitivity_at_specificity() {
    SchemaOf<Params> s({.id = "SensitivityAtSpecificity", .category = "metric", .doc = "The best sensitivity (recall) at a threshold whose specificity is at least the one asked for.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&Params::specificity, {.key = "specificity", .label = "At least", .doc = "The specificity that is asked for.", .min = 0, .max = 1});
    s.field(&Params::thresholds, thresholdCountParam());
    s.field(&Params::classId, classIdParam());
    return typeOf<MetricType, SensitivityAtSpecificity>(std::move(s));
}

} // namespace strata::metrics
