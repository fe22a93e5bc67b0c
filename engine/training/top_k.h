// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/mean_metric.h"

namespace strata {

/// 1 where the prediction of the class is at least the k-th largest of its row, so equals count in favour; else 0.
/// target (...), prediction (..., C)
Result<MetricValues> inTopK(const MetricValues& target, const MetricValues& prediction, std::int64_t k);
/// 1 where the class is among the first k entries of its row of class numbers.
Result<MetricValues> amongFirst(const MetricValues& target, const MetricValues& prediction, std::int64_t k);

} // namespace strata
