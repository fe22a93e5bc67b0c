// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/graph/flatten.h"

namespace strata {

/// Turns the report of flatten(graph) into one of the cards of `graph`: what copies cost is added to their card, a
/// mistake that only a later copy makes is told at it, and bypassed cards have the shape that passes through them.
void foldReport(const ModelGraph& graph, GraphReport& report);

/// Blocks and frames as one, and what keeps a block from being repeated. `report`: of the cards of `graph`.
void addBlocks(const ModelGraph& graph, const GraphReport& flatReport, GraphReport& report);

} // namespace strata
