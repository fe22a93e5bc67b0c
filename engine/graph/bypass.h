// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"

namespace strata {

/// Whether the drawing still is a network when data pass these cards unchanged. The error is the sentence for the
/// person: the first mistake that would come of it.
Result<> canBypass(const ModelGraph& graph, std::span<const NodeId> nodes, const AnalysisContext& context = {});

/// Lets data pass these cards unchanged, or no longer.
void setBypassed(ModelGraph& graph, std::span<const NodeId> nodes, bool bypassed);

} // namespace strata
