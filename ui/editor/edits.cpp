// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/edits.h"

#include "engine/core/said.h"
#include "engine/layers/layer.h"
#include "ui/look/metrics.h"

#include <algorithm>
#include <cmath>

namespace strata::ui::edits {
namespace {

void put(ModelGraph& graph, NodeId id, Point place) {
    Node node = *graph.find(id);
    if (node.position == place) return;
    node.position = place;
    graph.replace(std::move(node));
}

/// Pushes everything from a height on down, until the first of it is at `top`.
void makeRoom(ModelGraph& graph, NodeId except, double from, double top) {
    const double shift = top - from;
    if (shift <= 0) return;
    std::vector<NodeId> below;
    for (const auto& node : graph.nodes()) {
        if (node->id != except && node->position.y >= from - 0.5) below.push_back(node->id);
    }
    moveBy(graph, below, 0, shift);
}

void disconnectInputs(ModelGraph& graph, NodeId node) {
    for (std::vector<Edge> in = graph.inputsOf(node); !in.empty(); in = graph.inputsOf(node)) graph.disconnect(in.back());
}

/// The only card that feeds nobody and could, or 0.
NodeId looseEnd(const ModelGraph& graph, NodeId except) {
    NodeId end = 0;
    for (const auto& node : graph.nodes()) {
        if (node->id == except || !graph.outputsOf(node->id).empty()) continue;
        if (end != 0) return 0;
        end = node->id;
    }
    return end;
}

} // namespace

double pitch() {
    return Metrics::regular().card.height + Metrics::regular().card.gap;
}

double cardWidth() {
    return Metrics::regular().card.width;
}

NodeId addCard(ModelGraph& graph, const std::string& type, Point at) {
    Node node;
    node.type = type;
    node.position = {std::round(at.x), std::round(at.y)};
    return graph.add(std::move(node));
}

void takeDataShape(ModelGraph& graph, NodeId id, const std::optional<Shape>& data) {
    const Node* node = graph.find(id);
    const LayerType* layer = node == nullptr ? nullptr : findLayerType(node->type);
    if (!data || layer == nullptr || layer->maxInputs != 0 || layer->schema.find("shape") == nullptr) return;
    Node begin = *node;
    begin.params["shape"] = ParamValue::IntList(data->dims().begin(), data->dims().end());
    graph.replace(std::move(begin));
}

NodeId addAfter(ModelGraph& graph, const std::string& type, NodeId after) {
    const LayerType* layer = findLayerType(type);
    const bool takesInput = layer == nullptr || layer->maxInputs != 0;
    if (after == 0 && takesInput) after = looseEnd(graph, 0);
    const Node* previous = graph.find(after);
    if (previous == nullptr || !takesInput) {
        double bottom = -pitch(), x = 0;
        for (const auto& node : graph.nodes()) {
            if (node->position.y <= bottom) continue;
            bottom = node->position.y;
            x = node->position.x;
        }
        return addCard(graph, type, freePlace(graph, {x, bottom + pitch()}));
    }
    const std::vector<Edge> out = graph.outputsOf(after);
    if (out.size() == 1) {
        ModelGraph tried = graph;
        if (const Result<NodeId> added = insertNew(tried, type, out.front())) {
            graph = std::move(tried);
            // Where the gap was large something else may stand in it.
            put(graph, *added, freePlace(graph, graph.find(*added)->position, *added));
            return *added;
        }
    }
    const Point below{previous->position.x, previous->position.y + pitch()};
    const NodeId id = addCard(graph, type, out.empty() ? below : freePlace(graph, below));
    if (out.empty()) {
        // At the end of the chain nothing but strangers can stand in the way: they move down.
        for (const auto& node : graph.nodes()) {
            const bool inTheWay = node->id != id && std::abs(node->position.x - below.x) < cardWidth() &&
                                  std::abs(node->position.y - below.y) < pitch() - 1;
            if (!inTheWay) continue;
            makeRoom(graph, id, node->position.y, below.y + pitch());
            break;
        }
    }
    (void)graph.connect(after, id);
    return id;
}

NodeId feederNear(const ModelGraph& graph, const std::string& type, Point place) {
    const LayerType* layer = findLayerType(type);
    if (layer == nullptr || layer->maxInputs == 0) return 0;
    NodeId best = 0;
    double least = 0;
    for (const auto& node : graph.nodes()) {
        if (!graph.outputsOf(node->id).empty()) continue;
        const double dx = place.x - node->position.x, dy = place.y - node->position.y;
        if (dx < -0.6 * cardWidth() || dx > 1.2 * cardWidth() || dy < 0.4 * pitch() || dy > 2.2 * pitch()) continue;
        const double distance = std::hypot(dx, dy - pitch());
        if (best != 0 && distance >= least) continue;
        best = node->id;
        least = distance;
    }
    return best;
}

NodeId addFed(ModelGraph& graph, const std::string& type, NodeId feeder, Point place) {
    const Point above = graph.find(feeder)->position;
    if (std::abs(place.x - above.x) < cardWidth() / 2) place = {above.x, above.y + pitch()};
    const NodeId id = addCard(graph, type, freePlace(graph, place));
    (void)graph.connect(feeder, id);
    return id;
}

Result<NodeId> insertNew(ModelGraph& graph, const std::string& type, Edge edge) {
    const NodeId id = addCard(graph, type, {});
    if (Result<> inserted = insertExisting(graph, id, edge); !inserted) return inserted.error();
    return id;
}

Result<> insertExisting(ModelGraph& graph, NodeId node, Edge edge) {
    const Node* from = graph.find(edge.from);
    const Node* to = graph.find(edge.to);
    if (from == nullptr || to == nullptr) return failure("connect.gone", said("That wire is no longer there."));
    const Point above = from->position, below = to->position;
    const GroupId group = from->group == to->group ? from->group : 0;
    if (Result<> inserted = graph.insertOnEdge(edge, node); !inserted) return inserted;
    const Point place{below.x == above.x || graph.inputsOf(edge.to).size() < 2 ? above.x : below.x, above.y + pitch()};
    put(graph, node, place);
    if (group != 0) graph.setGroup(node, group);
    if (below.y > above.y) makeRoom(graph, node, below.y, place.y + pitch());
    return {};
}

void removeAll(ModelGraph& graph, std::span<const NodeId> nodes, std::span<const Edge> wires) {
    // From the highest slot down: removing a wire moves the later ones up.
    std::vector<Edge> sorted(wires.begin(), wires.end());
    std::ranges::sort(sorted, [](const Edge& a, const Edge& b) { return std::pair(a.to, a.slot) > std::pair(b.to, b.slot); });
    for (const Edge& edge : sorted) graph.disconnect(edge);
    for (const NodeId id : nodes) {
        if (graph.find(id) != nullptr) graph.remove(id);
    }
}

void dissolveAll(ModelGraph& graph, std::span<const NodeId> nodes) {
    for (const NodeId id : nodes) {
        if (graph.find(id) != nullptr) graph.dissolve(id);
    }
}

void disconnectAll(ModelGraph& graph, NodeId node) {
    disconnectInputs(graph, node);
    for (std::vector<Edge> out = graph.outputsOf(node); !out.empty(); out = graph.outputsOf(node)) graph.disconnect(out.back());
}

void moveTo(ModelGraph& graph, const std::map<NodeId, Point>& places) {
    // Bends between two cards that move alike move along.
    std::map<NodeId, Point> by;
    for (const auto& [id, place] : places) {
        const Node* node = graph.find(id);
        if (node == nullptr) continue;
        by[id] = {place.x - node->position.x, place.y - node->position.y};
        put(graph, id, place);
    }
    const ModelGraph::Bends bends = graph.allBends();
    for (const auto& [ends, before] : bends) {
        const auto from = by.find(ends.first), to = by.find(ends.second);
        if (from == by.end() || to == by.end() || !(from->second == to->second)) continue;
        std::vector<Point> points = before;
        for (Point& point : points) point = {point.x + from->second.x, point.y + from->second.y};
        graph.setBends(ends.first, ends.second, std::move(points));
    }
}

void moveBy(ModelGraph& graph, std::span<const NodeId> nodes, double dx, double dy) {
    if (dx == 0 && dy == 0) return;
    std::map<NodeId, Point> places;
    for (const NodeId id : nodes) {
        const Node* node = graph.find(id);
        if (node != nullptr) places[id] = {node->position.x + dx, node->position.y + dy};
    }
    moveTo(graph, places);
}

void moveNotesBy(ModelGraph& graph, std::span<const NoteId> notes, double dx, double dy) {
    for (const NoteId id : notes) {
        const Note* note = graph.findNote(id);
        if (note == nullptr) continue;
        Note moved = *note;
        moved.position = {note->position.x + dx, note->position.y + dy};
        graph.replaceNote(std::move(moved));
    }
}

namespace {

/// A wire moved to another input of its own card changes places with the one that is there.
Result<> reorder(ModelGraph& graph, const Edge& wire, int slot) {
    std::vector<Edge> inputs = graph.inputsOf(wire.to);
    const int last = static_cast<int>(inputs.size()) - 1;
    const int wanted = slot < 0 ? last : std::min(slot, last);
    if (wanted == wire.slot) return {};
    const ModelGraph::Bends bends = graph.allBends();
    std::swap(inputs[static_cast<std::size_t>(wire.slot)], inputs[static_cast<std::size_t>(wanted)]);
    disconnectInputs(graph, wire.to);
    for (const Edge& edge : inputs) {
        if (Result<> connected = graph.connect(edge.from, edge.to); !connected) return connected;
        if (const auto led = bends.find({edge.from, edge.to}); led != bends.end()) graph.setBends(edge.from, edge.to, led->second);
    }
    return {};
}

} // namespace

Result<> link(ModelGraph& graph, NodeId from, NodeId to, int slot, const std::optional<Edge>& old) {
    if (old && old->to == to && old->from == from) return reorder(graph, *old, slot);
    if (old) {
        graph.disconnect(*old);
        // The slots of the card that lost its wire have moved up.
        if (old->to == to) slot = std::min(slot, static_cast<int>(graph.inputsOf(to).size()));
    }
    return graph.connect(from, to, slot);
}

Result<> moveLinks(ModelGraph& graph, NodeId from, NodeId other) {
    const Node* source = graph.find(other);
    if (source == nullptr) return failure("connect.gone", said("That card is no longer there."));
    ModelGraph moved = graph;
    for (const Edge& edge : graph.outputsOf(from)) {
        if (std::ranges::any_of(graph.inputsOf(edge.to), [&](const Edge& e) { return e.from == other; })) {
            return failure("connect.twice", said("{} is connected to {} already.", source->name, graph.find(edge.to)->name));
        }
        if (Result<> connected = moved.connect(other, edge.to, edge.slot); !connected) return connected;
    }
    graph = std::move(moved);
    return {};
}

Result<> canLink(const ModelGraph& graph, NodeId from, NodeId to, int slot, const std::optional<Edge>& old,
                 const std::map<NodeId, Shape>& outputs) {
    ModelGraph tried = graph;
    if (Result<> linked = link(tried, from, to, slot, old); !linked) return linked;
    const Node* target = tried.find(to);
    const LayerType* type = findLayerType(target->type);
    // What a layer joins can be made to match: it takes the wire, and its card says what is wrong and offers the repairs.
    if (type == nullptr || type->maxInputs != 1) return {};
    std::vector<Shape> inputs;
    for (const Edge& edge : tried.inputsOf(to)) {
        const auto shape = outputs.find(edge.from);
        if (shape == outputs.end()) return {}; // nobody knows yet
        inputs.push_back(shape->second);
    }
    if (static_cast<int>(inputs.size()) < type->minInputs) return {};
    const Result<LayerPlan> plan = planLayer(*type, target->params, inputs);
    if (plan) return {};
    return failure(plan.error().id, said("{} \"{}\" cannot take this: {}.", target->type, target->name, plan.error().message));
}

Point freePlace(const ModelGraph& graph, Point wanted, NodeId except) {
    const auto taken = [&](Point place) {
        return std::ranges::any_of(graph.nodes(), [&](const auto& node) {
            return node->id != except && std::abs(node->position.x - place.x) < cardWidth() + 20 && std::abs(node->position.y - place.y) < pitch() - 1;
        });
    };
    while (taken(wanted)) wanted.x += cardWidth() + 60;
    return wanted;
}

} // namespace strata::ui::edits
