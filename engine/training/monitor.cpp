// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/monitor.h"

#include "engine/core/said.h"

#include <cmath>
#include <limits>

namespace strata {

Monitor::Monitor(const MonitorParams& p)
    : m_params(p)
    , m_higher(p.mode == "max" || (p.mode == "auto" && higherIsBetter(p.monitor))) {}

std::optional<double> Monitor::value(const EpochLogs& logs, RunControl& run) {
    if (const auto it = logs.find(m_params.monitor); it != logs.end()) return it->second;
    if (!m_told) {
        std::string names;
        for (const auto& [name, value] : logs)
            names += (names.empty() ? "" : ", ") + name;
        run.remark(said("monitor = {}: the epoch has no such figure, so nothing is watched; it has {}.{}", m_params.monitor, names,
                        m_params.monitor.starts_with("val_") ? said(" Without validation images there are none of val_.") : ""));
    }
    m_told = true;
    return std::nullopt;
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
