// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/confusion_metric.h"

namespace strata::metrics {

MetricType precision() {
    SchemaOf<ThresholdParams> s({.id = "Precision", .category = "metric", .doc = "Which part of what was predicted as yes is right.", .reference = "https://keras.io/api/metrics/classification_metrics/"});
    s.field(&ThresholdParams::thresholds, thresholdsParam());
    s.field(&ThresholdParams::topK, topKParam());
    s.field(&ThresholdParams::classId, classIdParam());
    return typeOf<MetricType, ThresholdMetric<&ConfusionCounts::precision>>(std::move(s));
}

} // namespace strata::metrics
