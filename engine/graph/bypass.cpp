// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/bypass.h"

#include "engine/core/said.h"

#include <algorithm>

namespace strata {

void setBypassed(ModelGraph& graph, std::span<const NodeId> nodes, bool bypassed) {
    for (const NodeId id : nodes) {
        const Node* node = graph.find(id);
        if (node == nullptr || node->bypassed == bypassed) continue;
        Node other = *node;
        other.bypassed = bypassed;
        graph.replace(std::move(other));
    }
}

Result<> canBypass(const ModelGraph& graph, std::span<const NodeId> nodes, const AnalysisContext& context) {
    for (const NodeId id : nodes) {
        const Node* node = graph.find(id);
        const LayerType* type = node == nullptr ? nullptr : findLayerType(node->type);
        if (type != nullptr && type->maxInputs == 0)
            return failure("bypass.input", said("{} cannot be bypassed: data begin here; choose a card that has an input.", node->name));
    }
    ModelGraph tried = graph;
    setBypassed(tried, nodes, true);
    const GraphReport before = analyse(graph, context), after = analyse(tried, context);
    for (const Problem& p : after.problems) {
        const bool stops = p.severity == Severity::Error || p.id == "graph.several_outputs" || p.id == "node.dead_end";
        const auto same = [&](const Problem& o) { return o.id == p.id && o.node == p.node; };
        if (!stops || std::ranges::any_of(before.problems, same)) continue;
        const std::string what = nodes.size() == 1 ? graph.find(nodes.front())->name : said("{} cards", nodes.size());
        return failure("bypass.shapes", said("{} cannot be bypassed: {}", what, p.text));
    }
    return {};
}

} // namespace strata
