// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/document_state.h"

#include <nlohmann/json_fwd.hpp>

namespace strata {

/// JSON has no infinity and no NaN: a curve that diverged keeps its gap.
nlohmann::ordered_json finiteNumber(double value);

/// A learning curve, an object a point.
nlohmann::ordered_json historyJson(const std::vector<HistoryPoint>& points);
/// Any JSON gives a curve; a point that is none is left out. Reads the lists of older run.json files, too.
std::vector<HistoryPoint> historyFrom(const nlohmann::json& json);

} // namespace strata
