// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

namespace strata::metrics {

MetricType false_positives() {
    SchemaOf<ThresholdParams> s({.id = "FalsePositives", .category = "metric", .doc = "How many predicted yes are wrong.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&ThresholdParams::thresholds, thresholdsParam());
    MetricType type = typeOf<MetricType, ThresholdMetric<&ConfusionCounts::falsePositives>>(std::move(s));
    type.higherIsBetter = false;
    return type;
}

} // namespace strata::metrics
