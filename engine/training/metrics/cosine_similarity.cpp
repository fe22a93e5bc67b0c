// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/row_statistics.h"

namespace strata::metrics {

MetricType cosine_similarity() {
    SchemaOf<NoMetricParams> s({.id = "CosineSimilarity",
                .category = "metric",
                .doc = "The cosine of the angle between target and prediction, over the last axis.",
                .reference = "https://keras.io/api/metrics/",
                .synonyms = {"cosine_similarity"}});
    MetricType type = typeOf<MetricType, RowMetric<cosine>>(std::move(s));
    type.target = MetricTarget::OneHot;
    type.higherIsBetter = true;
    return type;
}

} // namespace strata::metrics
