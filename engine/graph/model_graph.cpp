// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/model_graph.h"

#include "engine/core/said.h"
#include "engine/graph/drawing_limits.h"
#include "engine/graph/names.h"
#include "engine/layers/layer.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <fmt/format.h>
#include <limits>
#include <unordered_map>
#include <unordered_set>

namespace strata {
namespace {

/// Takes away nodes without inputs until nothing is left (Kahn); what remains is a loop.
bool hasLoop(const std::unordered_map<NodeId, std::size_t>& place, std::span<const Edge> edges) {
    std::vector<int> waiting(place.size(), 0);
    std::vector<std::vector<std::size_t>> consumers(place.size());
    for (const Edge& e : edges) {
        ++waiting[place.at(e.to)];
        consumers[place.at(e.from)].push_back(place.at(e.to));
    }
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        if (waiting[i] == 0) open.push_back(i);
    }
    std::size_t done = 0;
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        ++done;
        for (const std::size_t to : consumers[at]) {
            if (--waiting[to] == 0) open.push_back(to);
        }
    }
    return done != place.size();
}

/// Names from a file that are longer than ours; what then would be the same is numbered.
void shortenNames(std::vector<Node>& nodes) {
    const auto fits = [](const Node& n) { return n.name.size() <= kLongestName; };
    if (std::ranges::all_of(nodes, fits)) return;
    constexpr std::size_t room = 8; // for the number
    std::unordered_set<std::string> names;
    for (const Node& n : nodes) {
        if (fits(n)) names.insert(n.name);
    }
    for (Node& n : nodes) {
        if (fits(n)) continue;
        const std::string stem = shortened(n.name, kLongestName - room);
        n.name = stem;
        for (int i = 1; !names.insert(n.name).second; ++i)
            n.name = fmt::format("{}_{}", stem, i);
    }
}

} // namespace

Result<ModelGraph> ModelGraph::build(std::vector<Node> nodes, std::vector<Edge> edges, BuildFor whom) {
    const NodeId most = whom == BuildFor::Drawing ? kMostNodeId : std::numeric_limits<NodeId>::max() - 1;
    std::unordered_map<NodeId, std::size_t> place;
    std::unordered_set<std::string> names;
    ModelGraph graph;
    if (whom == BuildFor::Drawing) shortenNames(nodes);
    for (Node& node : nodes) {
        if (node.id <= 0 || node.id > most) {
            return failure("graph.id", said("Layer \"{}\": {} is no valid id; ids are 1 to {}.",
                                            node.name, node.id, most));
        }
        if (!place.emplace(node.id, graph.m_nodes.size()).second) {
            return failure("graph.id",
                           said("Layer \"{}\": the id {} is taken by another layer; ids are unique.",
                                node.name, node.id));
        }
        if (node.name.empty()) return failure("graph.name", said("Layer {} has no name.", node.id));
        if (!names.insert(node.name).second) {
            return failure("graph.name",
                           said("Two layers are called \"{}\"; names are unique.", node.name));
        }
        graph.m_nextId = std::max(graph.m_nextId, node.id + 1);
        graph.m_nodes.push_back(std::make_shared<const Node>(std::move(node)));
    }
    std::ranges::sort(edges, [](const Edge& a, const Edge& b) {
        return std::pair(a.to, a.slot) < std::pair(b.to, b.slot);
    });
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const Edge& e = edges[i];
        if (!place.contains(e.from) || !place.contains(e.to)) {
            return failure("graph.edge", said("The wire {} -> {} ends at a layer that does not exist.",
                                              e.from, e.to));
        }
        const int expected = i > 0 && edges[i - 1].to == e.to ? edges[i - 1].slot + 1 : 0;
        if (e.slot != expected) {
            return failure("graph.slot", said("Layer \"{}\": its wires use input {} where {} comes "
                                              "next; inputs count 0, 1, 2 without a gap.",
                                              graph.m_nodes[place.at(e.to)]->name, e.slot, expected));
        }
    }
    if (hasLoop(place, edges)) return failure("graph.loop", said("The wires make a loop; data must flow one way."));
    std::ranges::sort(edges);
    graph.m_edges = std::move(edges);
    return graph;
}

const Node* ModelGraph::find(NodeId id) const {
    const auto it = std::ranges::find_if(m_nodes, [&](const NodePtr& n) { return n->id == id; });
    return it == m_nodes.end() ? nullptr : it->get();
}

const Node* ModelGraph::findByName(std::string_view name) const {
    const auto it = std::ranges::find_if(m_nodes, [&](const NodePtr& n) { return n->name == name; });
    return it == m_nodes.end() ? nullptr : it->get();
}

std::vector<Edge> ModelGraph::inputsOf(NodeId id) const {
    std::vector<Edge> out;
    std::ranges::copy_if(m_edges, std::back_inserter(out), [&](const Edge& e) { return e.to == id; });
    std::ranges::sort(out, {}, &Edge::slot);
    return out;
}

std::vector<Edge> ModelGraph::outputsOf(NodeId id) const {
    std::vector<Edge> out;
    std::ranges::copy_if(m_edges, std::back_inserter(out), [&](const Edge& e) { return e.from == id; });
    return out;
}

bool ModelGraph::reaches(NodeId from, NodeId to) const {
    std::vector<NodeId> open{from};
    std::unordered_set<NodeId> seen{from};
    while (!open.empty()) {
        const NodeId at = open.back();
        open.pop_back();
        if (at == to) return true;
        auto wire = std::ranges::lower_bound(m_edges, at, {}, &Edge::from);
        for (; wire != m_edges.end() && wire->from == at; ++wire) {
            if (seen.insert(wire->to).second) open.push_back(wire->to);
        }
    }
    return false;
}

NodeId ModelGraph::add(Node node) {
    if (node.id <= 0 || find(node.id) != nullptr) node.id = m_nextId;
    m_nextId = std::max(m_nextId, node.id + 1);
    if (node.name.empty())
        node.name = uniqueName(snakeCase(node.type));
    else if (node.name.size() > kLongestName || findByName(node.name) != nullptr)
        node.name = uniqueName(node.name);
    node.position = onCanvas(node.position);
    const NodeId id = node.id;
    m_nodes.push_back(std::make_shared<const Node>(std::move(node)));
    return id;
}

std::vector<ModelGraph::NodePtr>::iterator ModelGraph::locate(NodeId id) {
    const auto it = std::ranges::find_if(m_nodes, [&](const NodePtr& n) { return n->id == id; });
    assert(it != m_nodes.end());
    return it;
}

void ModelGraph::closeGaps(NodeId to) {
    int slot = 0;
    for (const Edge& e : inputsOf(to)) {
        std::ranges::find(m_edges, e)->slot = slot;
        ++slot;
    }
    std::ranges::sort(m_edges);
    forgetLost();
}

void ModelGraph::remove(NodeId id) {
    m_nodes.erase(locate(id));
    const std::vector<Edge> out = outputsOf(id);
    std::erase_if(m_edges, [&](const Edge& e) { return e.from == id || e.to == id; });
    for (const Edge& e : out)
        closeGaps(e.to);
    forgetLost();
}

void ModelGraph::dissolve(NodeId id) {
    const std::vector<Edge> in = inputsOf(id);
    const std::vector<Edge> out = outputsOf(id);
    if (!in.empty()) {
        const NodeId source = in.front().from;
        for (const Edge& e : out) {
            // A consumer that has this source already (a skip around the node) keeps the one wire.
            const bool there =
                std::ranges::any_of(m_edges, [&](const Edge& o) { return o.from == source && o.to == e.to; });
            if (!there) std::ranges::find(m_edges, e)->from = source;
        }
        std::ranges::sort(m_edges);
    }
    remove(id);
}

void ModelGraph::replace(Node node) {
    const auto it = locate(node.id);
    if (node.name.size() > kLongestName) node.name = shortened(node.name);
    const Node* namesake = findByName(node.name);
    if (namesake != nullptr && namesake->id != node.id) node.name = uniqueName(node.name);
    node.position = onCanvas(node.position);
    *it = std::make_shared<const Node>(std::move(node));
}

Result<> ModelGraph::canConnect(NodeId from, NodeId to, int slot) const {
    const Node* source = find(from);
    const Node* target = find(to);
    if (source == nullptr || target == nullptr)
        return failure("connect.gone", said("One end of the wire is no longer there."));
    if (from == to) return failure("connect.self", said("{} cannot feed itself.", target->name));
    const LayerType* type = findLayerType(target->type);
    const int limit = type == nullptr ? -1 : type->maxInputs;
    const std::vector<Edge> inputs = inputsOf(to);
    if (limit == 0)
        return failure("connect.no_input", said("{} takes no input: data begins here.", target->name));
    for (const Edge& e : inputs) {
        if (e.from == from && (slot < 0 || e.slot == slot)) {
            return failure("connect.twice",
                           said("{} is connected to {} already.", source->name, target->name));
        }
    }
    if (reaches(to, from)) {
        return failure("connect.loop",
                       said("This would make a loop: {} already feeds {}. Data must flow one way.",
                            target->name, source->name));
    }
    if (slot < 0 && limit > 1 && static_cast<int>(inputs.size()) >= limit) {
        return failure("connect.full", said("{} takes at most {} inputs.", target->name, limit));
    }
    if (slot > static_cast<int>(inputs.size())) {
        return failure("connect.slot", said("{} has no input {} yet.", target->name, slot + 1));
    }
    return {};
}

Result<> ModelGraph::connect(NodeId from, NodeId to, int slot) {
    if (Result<> allowed = canConnect(from, to, slot); !allowed) return allowed;
    const LayerType* type = findLayerType(find(to)->type);
    const auto used = static_cast<int>(inputsOf(to).size());
    if (slot < 0) slot = type != nullptr && type->maxInputs == 1 ? 0 : used;
    std::erase_if(m_edges, [&](const Edge& e) { return e.to == to && e.slot == slot; });
    m_edges.push_back({from, to, slot});
    std::ranges::sort(m_edges);
    forgetLost();
    return {};
}

void ModelGraph::disconnect(const Edge& edge) {
    std::erase(m_edges, edge);
    closeGaps(edge.to);
}

Result<> ModelGraph::insertOnEdge(const Edge& edge, NodeId node) {
    const auto it = std::ranges::find(m_edges, edge);
    if (it == m_edges.end()) return failure("connect.gone", said("That wire is no longer there."));
    ModelGraph tried = *this;
    std::erase(tried.m_edges, edge);
    if (Result<> r = tried.connect(edge.from, node); !r) return r;
    if (tried.reaches(edge.to, node))
        return failure("connect.loop", said("This would make a loop. Data must flow one way."));
    tried.m_edges.push_back({node, edge.to, edge.slot});
    std::ranges::sort(tried.m_edges);
    tried.forgetLost();
    *this = std::move(tried);
    return {};
}

std::string ModelGraph::uniqueName(std::string_view base) const {
    std::string stem = shortened(base);
    if (findByName(stem) == nullptr) return stem;
    constexpr std::size_t room = 8; // for the number
    stem = shortened(stem, kLongestName - room);
    // "conv2d_3" begins again from "conv2d": copies count on instead of growing tails.
    const std::size_t end = stem.find_last_not_of("0123456789");
    if (end != std::string::npos && end + 1 < stem.size() && end > 0 && stem[end] == '_') stem.resize(end);
    std::unordered_set<std::string_view> taken;
    for (const NodePtr& n : m_nodes)
        taken.insert(n->name);
    for (int n = 1;; ++n) {
        std::string name = fmt::format("{}_{}", stem, n);
        if (!taken.contains(name)) return name;
    }
}

std::string ModelGraph::snakeCase(std::string_view className) {
    // Keras's to_snake_case: "_" in (.)([A-Z][a-z]+), then in ([a-z])([A-Z]), then lower case.
    const auto upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
    const auto lower = [](char c) { return std::islower(static_cast<unsigned char>(c)) != 0; };
    std::string first;
    for (std::size_t i = 0; i < className.size(); ++i) {
        const bool word = i > 0 && upper(className[i]) && i + 1 < className.size() && lower(className[i + 1]);
        if (word) first += '_';
        first += className[i];
    }
    std::string out;
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (i > 0 && upper(first[i]) && lower(first[i - 1])) out += '_';
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(first[i])));
    }
    return out;
}

bool ModelGraph::operator==(const ModelGraph& other) const {
    return m_edges == other.m_edges && m_groups == other.m_groups && m_notes == other.m_notes &&
           m_bends == other.m_bends &&
           std::ranges::equal(m_nodes, other.m_nodes,
                              [](const NodePtr& a, const NodePtr& b) { return a == b || *a == *b; });
}

bool GraphDiff::empty() const {
    return onlyMoves() && moved.empty() && !places;
}

bool GraphDiff::onlyMoves() const {
    return added.empty() && removed.empty() && changed.empty() && edgesAdded.empty() && edgesRemoved.empty() && !groups;
}

GraphDiff diff(const ModelGraph& before, const ModelGraph& after) {
    GraphDiff d;
    for (const auto& n : before.nodes()) {
        if (after.find(n->id) == nullptr) d.removed.push_back(n->id);
    }
    for (const auto& n : after.nodes()) {
        const Node* old = before.find(n->id);
        if (old == nullptr) {
            d.added.push_back(n->id);
        } else if (old != n.get() && !(*old == *n)) {
            Node there = *old;
            there.position = n->position;
            (there == *n ? d.moved : d.changed).push_back(n->id);
        }
    }
    std::ranges::set_difference(after.edges(), before.edges(), std::back_inserter(d.edgesAdded));
    std::ranges::set_difference(before.edges(), after.edges(), std::back_inserter(d.edgesRemoved));
    d.groups = !std::ranges::equal(before.groups(), after.groups());
    d.places = !std::ranges::equal(before.notes(), after.notes()) || before.allBends() != after.allBends();
    return d;
}

} // namespace strata
