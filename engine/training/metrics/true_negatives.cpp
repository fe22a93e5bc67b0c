// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

namespace strata::metrics {

MetricType true_negatives() {
    SchemaOf<ThresholdParams> s({.id = "TrueNegatives", .category = "metric", .doc = "How many predicted no are right.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&ThresholdParams::thresholds, thresholdsParam());
    MetricType type = typeOf<MetricType, ThresholdMetric<&ConfusionCounts::trueNegatives>>(std::move(s));
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
