// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/graph_index.h"

#include "engine/graph/analysis.h"

#include <algorithm>
#include <numeric>

namespace strata {
namespace {

/// Numbers the nodes as Keras meets them: from each output in turn, a node before its inputs, inputs left to
/// right.
std::vector<std::size_t> firstVisits(const GraphIndex& index) {
    std::vector<std::size_t> number(index.size(), index.size());
    std::size_t next = 0;
    std::vector<std::size_t> open;
    for (std::size_t output = 0; output < index.size(); ++output) {
        if (!index.consumers[output].empty()) continue;
        open.push_back(output);
        while (!open.empty()) {
            const std::size_t at = open.back();
            open.pop_back();
            if (number[at] != index.size()) continue;
            number[at] = next++;
            for (auto it = index.inputs[at].rbegin(); it != index.inputs[at].rend(); ++it)
                open.push_back(*it);
        }
    }
    return number;
}

/// The longest path from each node to an output, in wires.
std::vector<int> depths(const GraphIndex& index) {
    std::vector<int> depth(index.size(), 0);
    std::vector<std::size_t> waiting(index.size());
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < index.size(); ++i) {
        waiting[i] = index.consumers[i].size();
        if (waiting[i] == 0) open.push_back(i);
    }
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (const std::size_t from : index.inputs[at]) {
            depth[from] = std::max(depth[from], depth[at] + 1);
            if (--waiting[from] == 0) open.push_back(from);
        }
    }
    return depth;
}

} // namespace

GraphIndex::GraphIndex(const ModelGraph& graph)
    : inputs(graph.nodes().size())
    , consumers(graph.nodes().size()) {
    nodes.reserve(graph.nodes().size());
    for (const ModelGraph::NodePtr& n : graph.nodes()) {
        place.emplace(n->id, nodes.size());
        nodes.push_back(n.get());
    }
    std::vector<Edge> edges(graph.edges().begin(), graph.edges().end());
    std::ranges::sort(edges, {}, &Edge::slot);
    for (const Edge& e : edges) {
        inputs[place.at(e.to)].push_back(place.at(e.from));
        consumers[place.at(e.from)].push_back(place.at(e.to));
    }
}

std::vector<std::size_t> GraphIndex::order() const {
    const std::vector<std::size_t> visit = firstVisits(*this);
    const std::vector<int> depth = depths(*this);
    std::vector<std::size_t> order(size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(-depth[i], visit[i]); });
    return order;
}

std::vector<NodeId> topologicalOrder(const ModelGraph& graph) {
    const GraphIndex index(graph);
    std::vector<NodeId> out;
    for (const std::size_t i : index.order())
        out.push_back(index.nodes[i]->id);
    return out;
}

} // namespace strata
