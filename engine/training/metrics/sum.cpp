// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/mean_metric.h"

namespace strata::metrics {

MetricType sum() {
    SchemaOf<NoMetricParams> s({.id = "Sum", .category = "metric", .doc = "The weighted sum of given values.", .reference = "https://keras.io/api/metrics/reduction_metrics/"});
    MetricType type = typeOf<MetricType, ReductionMetric<false>>(std::move(s));
    type.target = MetricTarget::Values;
    return type;
}

} // namespace strata::metrics
