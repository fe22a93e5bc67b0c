// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/f_score.h"
#include "engine/training/typed_parts.h"

namespace strata::metrics {
namespace {

struct Params {
    std::optional<std::string> average;
    double beta = 1;
    std::optional<double> threshold;
};

class FBetaScore final : public FScore {
public:
    explicit FBetaScore(const Params& p)
        : FScore(p.average.value_or(""), p.beta, p.threshold) {}
};

} // namespace

MetricType f_beta_score() {
    SchemaOf<Params> s({.id = "FBetaScore",
                .category = "metric",
                .doc = "A weighted harmonic mean of precision and recall of each class.",
                .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&Params::average, averageParam());
    s.field(&Params::beta, {.key = "beta", .label = "Beta", .doc = "How many times as important recall is as precision.", .min = 0, .exclusiveMin = true});
    s.field(&Params::threshold, fThresholdParam());
    return typeOf<MetricType, FBetaScore>(std::move(s));
}

} // namespace strata::metrics
