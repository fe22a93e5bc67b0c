// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/graph/graph_index.h"

namespace strata {

/// Does the drawing fit the data and the loss? Looks at the inputs and at the one output of a drawing whose
/// shapes are known already; adds to report.problems. Knows layers only by their plans.
void checkAgainstData(const GraphIndex& index, const AnalysisContext& context, GraphReport& report);

/// The end in which the network ends: the only one; of several the only one that has a value for each class,
/// or else the only row of values. 0: nobody can tell.
NodeId mainOutput(const AnalysisContext& context, const GraphReport& report);

} // namespace strata
