// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

#include <unordered_map>

namespace strata {

/// A drawing with its wires sorted out by position, so that a walk over it is linear. It refers to the
/// graph's nodes: the graph must outlive it.
struct GraphIndex {
    explicit GraphIndex(const ModelGraph& graph);

    std::vector<const Node*> nodes;               ///< in the graph's order
    std::vector<std::vector<std::size_t>> inputs; ///< by slot
    std::vector<std::vector<std::size_t>> consumers;
    std::unordered_map<NodeId, std::size_t> place;

    std::size_t size() const { return nodes.size(); }
    /// Every node, inputs before consumers, in Keras's order.
    std::vector<std::size_t> order() const;
};

} // namespace strata
