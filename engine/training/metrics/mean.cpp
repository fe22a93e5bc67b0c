// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"

namespace strata::metrics {

MetricType mean() {
    SchemaOf<NoMetricParams> s({.id = "Mean", .category = "metric", .doc = "The weighted mean of given values.", .reference = "https://keras.io/api/metrics/reduction_metrics/"});
    MetricType type = typeOf<MetricType, ReductionMetric<true>>(std::move(s));
    type.target = MetricTarget::Values;
    return type;
}

} // namespace strata::metrics
