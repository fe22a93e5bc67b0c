// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

#include <algorithm>

namespace strata::metrics {
namespace {

struct Params {
    double precision = 0.5;
    std::int64_t thresholds = 200;
    std::optional<std::int64_t> classId;
};

class RecallAtPrecision final : public ConfusionMetric {
public:
    explicit RecallAtPrecision(const Params& p)
        : ConfusionMetric({.thresholds = evenThresholds(p.thresholds), .classId = p.classId, .even = true}), m_least(p.precision) {}
    std::vector<double> result() const override {
        double best = 0;
        for (const ConfusionCounts& c : counts()) {
            if (c.precision() >= m_least) best = std::max(best, c.recall());
        }
        return {best};
    }

private:
    double m_least;
};

} // namespace

MetricType recall_at_precision() {
    SchemaOf<Params> s({.id = "RecallAtPrecision", .category = "metric", .doc = "The best recall at a threshold whose precision is at least the one asked for.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&Params::precision, {.key = "precision", .label = "At least", .doc = "The precision that is asked for.", .min = 0, .max = 1});
    s.field(&Params::thresholds, thresholdCountParam());
    s.field(&Params::classId, classIdParam());
    return typeOf<MetricType, RecallAtPrecision>(std::move(s));
}

} // namespace strata::metrics
