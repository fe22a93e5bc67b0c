// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/graph/graph_index.h"

namespace strata {

/// What works but is seldom meant, or costs more than it gives: hints, and warnings where the result would
/// suffer. requires: every node of the report was analysed, its totals are added up. Appends to its problems.
void advise(const GraphIndex& index, const AnalysisContext& context, GraphReport& report);

/// From how many parameters on a single layer is worth a word.
inline constexpr std::int64_t kManyParameters = 2'000'000;

} // namespace strata
