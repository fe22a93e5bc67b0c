// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/mean_metric.h"

namespace strata {

/// `target` becomes 1 where the prediction of the class is at least the k-th largest of its row, so equals count in favour; else 0.
/// target (...), prediction (..., C)
Result<> inTopK(MetricValues& target, const MetricValues& prediction, std::int64_t k);
/// `target` becomes 1 where the class is among the first k entries of its row of class numbers; else 0.
Result<> amongFirst(MetricValues& target, const MetricValues& prediction, std::int64_t k);

} // namespace strata
