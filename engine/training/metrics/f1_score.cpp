// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/f_score.h"
#include "engine/training/typed_parts.h"

namespace strata::metrics {
namespace {

struct Params {
    std::optional<std::string> average;
    std::optional<double> threshold;
};

class F1Score final : public FScore {
public:
    explicit F1Score(const Params& p)
        : FScore(p.average.value_or(""), 1, p.threshold) {}
};

} // namespace

MetricType f1_score() {
    SchemaOf<Params> s({.id = "F1Score",
                .category = "metric",
                .doc = "The harmonic mean of precision and recall of each class.",
                .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&Params::average, averageParam());
    s.field(&Params::threshold, fThresholdParam());
    return typeOf<MetricType, F1Score>(std::move(s));
}

} // namespace strata::metrics
