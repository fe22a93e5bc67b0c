// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_statistics.h"

namespace strata::metrics {

MetricType concordance_correlation() {
    SchemaOf<NoMetricParams> s({.id = "ConcordanceCorrelation",
                .category = "metric",
                .doc = "How far predictions lie on the line of the targets (Lin 1989), over the last axis.",
                .reference = "https://keras.io/api/metrics/",
                .synonyms = {"concordance_correlation"}});
    MetricType type = typeOf<MetricType, RowMetric<concordance>>(std::move(s));
    type.target = MetricTarget::OneHot;
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
