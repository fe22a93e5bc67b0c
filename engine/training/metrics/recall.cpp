// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

namespace strata::metrics {

MetricType recall() {
    SchemaOf<ThresholdParams> s({.id = "Recall", .category = "metric", .doc = "Which part of what is a yes was found.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&ThresholdParams::thresholds, thresholdsParam());
    s.field(&ThresholdParams::topK, topKParam());
    s.field(&ThresholdParams::classId, classIdParam());
    return typeOf<MetricType, ThresholdMetric<&ConfusionCounts::recall>>(std::move(s));
}

} // namespace strata::metrics
