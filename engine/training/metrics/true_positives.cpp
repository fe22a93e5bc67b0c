// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

namespace strata::metrics {

MetricType true_positives() {
    SchemaOf<ThresholdParams> s({.id = "TruePositives", .category = "metric", .doc = "How many predicted yes are right.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&ThresholdParams::thresholds, thresholdsParam());
    MetricType type = typeOf<MetricType, ThresholdMetric<&ConfusionCounts::truePositives>>(std::move(s));
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
