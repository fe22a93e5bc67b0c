// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

namespace strata {

struct LayoutOptions {
    double cardWidth = 316, cardHeight = 52, gapX = 60, gapY = 22; ///< logical pixels
};

/// Layered layout, data from top to bottom: each card below all that feed it, one main column, branches
/// beside it with few crossings. Only positions change. `only` empty = all nodes; else these keep their place
/// as a group.
ModelGraph layOut(const ModelGraph& graph, const LayoutOptions& options = {},
                  std::span<const NodeId> only = {});

} // namespace strata
