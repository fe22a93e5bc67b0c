// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

namespace strata {

struct LayoutOptions {
    double cardWidth = 316, cardHeight = 52, gapX = 60, gapY = 22; ///< logical pixels
    double frameAbove = 36, frameBelow = 16; ///< of a frame over its cards and below them
    double frameLeft = 34, frameRight = 16;
};

/// Layered layout, data from top to bottom: each card below all that feed it, one main column, branches
/// beside it with few crossings. The cards of a frame or block stay together and no other card gets between them.
/// Only positions change. `only` empty = all nodes; else these keep their place as a group, or stand as near to it as
/// they lie on no other card and in no frame of others.
ModelGraph layOut(const ModelGraph& graph, const LayoutOptions& options = {},
                  std::span<const NodeId> only = {});

} // namespace strata
