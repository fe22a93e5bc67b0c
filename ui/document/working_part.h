// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"

#include <algorithm>

namespace strata::ui {

/// The sums over this drawing are those of a part of it: the rest has no shape, because of a mistake or a wire that is
/// missing. A card that lies beside a whole network takes nothing from it.
inline bool isOnlyPart(const GraphReport& report) {
    return std::ranges::any_of(report.nodes, [&](const auto& node) {
        const NodeState state = node.second.state;
        return state != NodeState::Ready && (state != NodeState::Unconnected || report.outputs.empty());
    });
}

/// Beside a network that is whole without them: they have no shape and are in no sum.
inline int layersLeftOut(const GraphReport& report) {
    if (isOnlyPart(report)) return 0; // that is said otherwise
    return static_cast<int>(std::ranges::count_if(report.nodes, [](const auto& node) { return node.second.state == NodeState::Unconnected; }));
}

} // namespace strata::ui
