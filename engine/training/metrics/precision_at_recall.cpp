// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

#include <algorithm>

namespace strata::metrics {
namespace {

struct Params {
    double recall = 0.5;
    std::int64_t thresholds = 200;
    std::optional<std::int64_t> classId;
};

class PrecisionAtRecall final : public ConfusionMetric {
public:
    explicit PrecisionAtRecall(const Params& p)
        : ConfusionMetric({.thresholds = evenThresholds(p.thresholds), .classId = p.classId, .even = true}), m_least(p.recall) {}
    std::vector<double> result() const override {
        double best = 0;
        for (const ConfusionCounts& c : counts()) {
            if (c.recall() >= m_least) best = std::max(best, c.precision());
        }
        return {best};
    }

private:
    double m_least;
};

} // namespace

MetricType precision_at_recall() {
    SchemaOf<Params> s({.id = "PrecisionAtRecall", .category = "metric", .doc = "The best precision at a threshold whose recall is at least the one asked for.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&Params::recall, {.key = "recall", .label = "At least", .doc = "The recall that is asked for.", .min = 0, .max = 1});
    s.field(&Params::thresholds, thresholdCountParam());
    s.field(&Params::classId, classIdParam());
    return typeOf<MetricType, PrecisionAtRecall>(std::move(s));
}

} // namespace strata::metrics
