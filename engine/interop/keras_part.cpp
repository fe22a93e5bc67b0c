// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/graph/analysis.h"
#include "engine/graph/flatten.h"
#include "engine/interop/keras_config.h"
#include "engine/interop/keras_tables.h"

#include <algorithm>
#include <set>

namespace strata {
namespace {

std::set<NodeId> leadingTo(const ModelGraph& graph, const std::vector<NodeId>& outputs) {
    std::multimap<NodeId, NodeId> sources;
    for (const Edge& e : graph.edges())
        sources.emplace(e.to, e.from);
    std::set<NodeId> seen(outputs.begin(), outputs.end());
    std::vector<NodeId> open = outputs;
    while (!open.empty()) {
        const NodeId at = open.back();
        open.pop_back();
        for (auto [it, end] = sources.equal_range(at); it != end; ++it) {
            if (seen.insert(it->second).second) open.push_back(it->second);
        }
    }
    return seen;
}

Result<ModelGraph> restrictedTo(const ModelGraph& graph, const std::set<NodeId>& kept) {
    std::vector<Node> nodes;
    for (const ModelGraph::NodePtr& n : graph.nodes()) {
        if (kept.contains(n->id)) nodes.push_back(*n);
    }
    std::vector<Edge> edges;
    std::ranges::copy_if(graph.edges(), std::back_inserter(edges),
                         [&](const Edge& e) { return kept.contains(e.from) && kept.contains(e.to); });
    return ModelGraph::build(std::move(nodes), std::move(edges), BuildFor::Network);
}

} // namespace

Result<KerasPart> kerasPart(const ModelGraph& drawing) {
    const ModelGraph graph = flatten(drawing);
    const GraphReport report = analyse(graph);
    for (const Problem& p : report.problems) {
        if (p.severity == Severity::Error) return failure(p.id, p.text);
    }
    if (report.outputs.empty())
        return failure("graph.no_layers", said("The drawing has no layer that reads its Input."));
    const std::set<NodeId> kept = leadingTo(graph, report.outputs);
    Result<ModelGraph> part = restrictedTo(graph, kept);
    if (!part) return part.error();

    KerasPart out;
    out.graph = std::move(*part);
    out.order = topologicalOrder(out.graph);
    std::set<NodeId> feeding;
    bool chain = true;
    for (const Edge& e : out.graph.edges()) {
        chain = feeding.insert(e.from).second && e.slot == 0 && chain;
    }
    // Outputs in the order of the cards, as topologicalOrder walks: Keras numbers layers from the outputs it
    // is given.
    for (const ModelGraph::NodePtr& n : out.graph.nodes()) {
        if (n->type == keras::kInputCard) out.inputs.push_back(n->id);
        if (!feeding.contains(n->id)) out.outputs.push_back(n->id);
    }
    out.sequential = chain && out.inputs.size() == 1 && out.outputs.size() == 1;
    return out;
}

const char* kerasModelName(const KerasPart& part) {
    return part.sequential ? "sequential" : "functional";
}

} // namespace strata
