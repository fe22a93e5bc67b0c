// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/monitor.h"

#include <cmath>
#include <limits>

namespace strata {

Monitor::Monitor(const MonitorParams& p)
    : m_params(p)
    , m_higher(p.mode == "max" || (p.mode == "auto" && higherIsBetter(p.monitor))) {}

std::optional<double> Monitor::value(const EpochLogs& logs) const {
    const auto it = logs.find(m_params.monitor);
    if (it == logs.end()) return std::nullopt;
    return it->second;
}

bool Monitor::isBetter(double value, std::optional<double> than) const {
    if (!than) return true;
    return m_higher ? value - m_params.minDelta > *than : value + m_params.minDelta < *than;
}

double orNan(std::optional<double> value) {
    return value.value_or(std::numeric_limits<double>::quiet_NaN());
}
std::optional<double> unlessNan(double value) {
    if (std::isnan(value)) return std::nullopt;
    return value;
}

} // namespace strata
