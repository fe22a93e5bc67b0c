// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/repair_candidates.h"

#include "engine/core/said.h"

#include <algorithm>
#include <cassert>

namespace strata {
namespace {

constexpr double kStep = 74; // a card and the gap below it

/// Moves all that stands at `from` or below down, until the first of it is at `top`.
void makeRoom(ModelGraph& graph, double from, double top) {
    if (top <= from) return;
    std::vector<Node> below;
    for (const auto& node : graph.nodes()) {
        if (node->position.y >= from - 0.5) below.push_back(*node);
    }
    for (Node& node : below) {
        node.position.y += top - from;
        graph.replace(std::move(node));
    }
}

} // namespace

const Shape* RepairCase::inputShape() const {
    const NodeReport* r = report.find(problem.node);
    return r == nullptr || r->inputShapes.empty() ? nullptr : &r->inputShapes.front();
}

void setParam(ModelGraph& graph, NodeId id, const std::string& key, ParamValue value) {
    const Node* old = graph.find(id);
    assert(old != nullptr);
    Node node = *old;
    node.params[key] = std::move(value);
    graph.replace(std::move(node));
}

void replaceType(ModelGraph& graph, Node node) {
    const std::string given = ModelGraph::snakeCase(graph.find(node.id)->type);
    const std::string_view rest = node.name.starts_with(given) ? std::string_view(node.name).substr(given.size()) : "?";
    const bool numbered = rest.size() > 1 && rest.front() == '_' && rest.find_first_not_of("0123456789", 1) == std::string_view::npos;
    if (rest.empty() || numbered) node.name = graph.uniqueName(ModelGraph::snakeCase(node.type));
    graph.replace(std::move(node));
}

NodeId insertBefore(ModelGraph& graph, NodeId to, int slot, Node node) {
    const std::vector<Edge> wires = graph.inputsOf(to);
    const auto wire = std::ranges::find(wires, slot, &Edge::slot);
    assert(wire != wires.end());
    const Point above = graph.find(wire->from)->position;
    const Point below = graph.find(to)->position;
    node.position = {(above.x + below.x) / 2, std::max((above.y + below.y) / 2, above.y + kStep)};
    if (below.y > above.y) makeRoom(graph, below.y, node.position.y + kStep);
    const NodeId id = graph.add(std::move(node));
    const Result<> inserted = graph.insertOnEdge(*wire, id);
    assert(inserted);
    (void)inserted;
    return id;
}

NodeId append(ModelGraph& graph, NodeId from, Node node) {
    node.position = graph.find(from)->position;
    node.position.y += kStep;
    const NodeId id = graph.add(std::move(node));
    const Result<> connected = graph.connect(from, id);
    assert(connected);
    (void)connected;
    return id;
}

Repair setting(std::string id, std::string label, NodeId node, std::string key, ParamValue value) {
    return {std::move(id),
            std::move(label),
            {},
            [node, key = std::move(key), value = std::move(value)](RepairTarget& t) {
                setParam(t.graph, node, key, value);
            }};
}

Repair dissolving(const Node& node) {
    return {"remove_layer", said("Remove {}", node.name), {}, [id = node.id](RepairTarget& t) {
                t.graph.dissolve(id);
            }};
}

std::vector<const Node*> nodesAbove(const ModelGraph& graph, NodeId id) {
    std::vector<const Node*> chain;
    for (std::vector<Edge> in = graph.inputsOf(id); !in.empty(); in = graph.inputsOf(in.front().from)) {
        chain.push_back(graph.find(in.front().from));
    }
    return chain;
}

std::vector<Repair> repairIdeas(const RepairCase& at) {
    std::vector<Repair> ideas;
    addLayerIdeas(at, ideas);
    addValueIdeas(at, ideas);
    addMergeIdeas(at, ideas);
    addDrawingIdeas(at, ideas);
    addAdviceIdeas(at, ideas);
    return ideas;
}

} // namespace strata
