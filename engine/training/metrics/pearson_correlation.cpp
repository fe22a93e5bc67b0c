// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_statistics.h"

namespace strata::metrics {

MetricType pearson_correlation() {
    SchemaOf<NoMetricParams> s({.id = "PearsonCorrelation",
                .category = "metric",
                .doc = "The linear correlation of target and prediction, over the last axis.",
                .reference = "https://keras.io/api/metrics/",
                .synonyms = {"pearson_correlation"}});
    MetricType type = typeOf<MetricType, RowMetric<pearson>>(std::move(s));
    type.target = MetricTarget::OneHot;
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
