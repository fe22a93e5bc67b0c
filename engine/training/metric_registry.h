// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/metric.h"

namespace strata {

/// The metrics of the folder metrics/, without those that are a loss.
std::span<const MetricType> ownMetricTypes();

} // namespace strata
