// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/flatten.h"

#include "engine/core/said.h"
#include "engine/graph/names.h"
#include "engine/layers/layer.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <unordered_map>
#include <unordered_set>

namespace strata {
namespace {

bool passesThrough(const Node& node) {
    if (!node.bypassed) return false;
    const LayerType* type = findLayerType(node.type);
    return type == nullptr || type->maxInputs != 0; // what makes data cannot pass any on
}

bool isRepeated(const Group& group) {
    return group.block && group.repeat > 1;
}

class Flattener {
public:
    explicit Flattener(const ModelGraph& graph)
        : m_graph(graph) {
        for (const ModelGraph::NodePtr& node : graph.nodes()) {
            m_nodes.push_back(*node);
            m_names.insert(node->name);
        }
        m_edges.assign(graph.edges().begin(), graph.edges().end());
    }

    ModelGraph run() {
        const std::vector<TooManyCopies> tooMany = tooManyCopies(m_graph);
        for (const Group& group : m_graph.groups()) {
            const bool built = std::ranges::find(tooMany, group.id, &TooManyCopies::block) == tooMany.end();
            if (isRepeated(group) && built) repeat(group);
        }
        leaveOutBypassed();
        // What was a drawing is one afterwards: no loop, no wire without an end.
        Result<ModelGraph> flat = ModelGraph::build(std::move(m_nodes), std::move(m_edges), BuildFor::Network);
        return flat ? std::move(*flat) : m_graph;
    }

private:
    void repeat(const Group& group) {
        const Result<BlockEnds> ends = blockEnds(m_graph, group.id);
        if (!ends || ends->source == 0) return; // analyse() says why
        const std::vector<NodeId> ids = m_graph.membersOf(group.id);
        const std::set<NodeId> members(ids.begin(), ids.end());
        const std::int64_t copies = group.repeat - 1;
        std::vector<Edge> inside, into;
        for (const Edge& e : m_edges) {
            if (!members.contains(e.to)) continue;
            (members.contains(e.from) ? inside : into).push_back(e);
        }
        for (std::int64_t k = 1; k <= copies; ++k) {
            for (const NodeId id : ids) {
                Node copy = *m_graph.find(id);
                copy.id = copyId(id, k);
                copy.name = freeName(fmt::format("{}_r{}", shortened(copy.name, kLongestName - 12), k + 1));
                m_nodes.push_back(std::move(copy));
            }
            for (const Edge& e : inside) m_edges.push_back({copyId(e.from, k), copyId(e.to, k), e.slot});
            for (const Edge& e : into) m_edges.push_back({copyId(ends->exit, k - 1), copyId(e.to, k), e.slot});
        }
        for (Edge& e : m_edges) {
            const bool leaves = e.from == ends->exit && copyOf(e.to) == 0 && !members.contains(e.to);
            if (leaves) e.from = copyId(ends->exit, copies);
        }
    }

    std::string freeName(const std::string& wanted) {
        std::string name = wanted;
        for (int n = 1; !m_names.insert(name).second; ++n) name = fmt::format("{}_{}", wanted, n);
        return name;
    }

    void leaveOutBypassed() {
        std::unordered_map<NodeId, NodeId> passes; // bypassed card -> what feeds it, 0: nothing
        for (const Node& node : m_nodes) {
            if (passesThrough(node)) passes.emplace(node.id, 0);
        }
        if (passes.empty()) return;
        for (const Edge& e : m_edges) {
            if (const auto it = passes.find(e.to); it != passes.end() && e.slot == 0) it->second = e.from;
        }
        std::erase_if(m_nodes, [&](const Node& node) { return passes.contains(node.id); });
        std::ranges::sort(m_edges, {}, [](const Edge& e) { return std::pair(e.to, e.slot); });
        std::vector<Edge> kept;
        std::unordered_map<NodeId, int> used;
        for (Edge e : m_edges) {
            if (passes.contains(e.to)) continue;
            while (e.from != 0 && passes.contains(e.from)) e.from = passes.at(e.from);
            if (e.from == 0) continue;
            e.slot = used[e.to]++;
            kept.push_back(e);
        }
        m_edges = std::move(kept);
    }

    const ModelGraph& m_graph;
    std::vector<Node> m_nodes;
    std::vector<Edge> m_edges;
    std::unordered_set<std::string> m_names;
};

std::string listed(const ModelGraph& graph, const std::set<NodeId>& ids) {
    std::string out;
    for (const NodeId id : ids) out += (out.empty() ? "" : ", ") + graph.find(id)->name;
    return out;
}

bool sameParams(const Node& a, const Node& b) {
    if (a.params == b.params) return true;
    const LayerType* type = findLayerType(a.type);
    if (type == nullptr) return false;
    const Result<ParamMap> whole = type->schema.check(a.params), other = type->schema.check(b.params);
    return whole && other && *whole == *other;
}

} // namespace

bool isFlat(const ModelGraph& graph) {
    return std::ranges::none_of(graph.nodes(), [](const auto& node) { return passesThrough(*node); }) &&
           std::ranges::none_of(graph.groups(), isRepeated);
}

ModelGraph flatten(const ModelGraph& graph) {
    return isFlat(graph) ? graph : Flattener(graph).run();
}

bool sameNetwork(const ModelGraph& a, const ModelGraph& b) {
    const ModelGraph one = flatten(a), two = flatten(b);
    const auto same = [](const ModelGraph::NodePtr& x, const ModelGraph::NodePtr& y) {
        return x == y || (x->id == y->id && x->type == y->type && x->trainable == y->trainable && sameParams(*x, *y));
    };
    return std::ranges::equal(one.edges(), two.edges()) && std::ranges::equal(one.nodes(), two.nodes(), same);
}

Result<BlockEnds> blockEnds(const ModelGraph& graph, GroupId block) {
    const std::vector<NodeId> ids = graph.membersOf(block);
    const std::set<NodeId> members(ids.begin(), ids.end());
    std::set<NodeId> sources, exits, ends = members;
    for (const Edge& e : graph.edges()) {
        const bool from = members.contains(e.from), to = members.contains(e.to);
        if (!from && to) sources.insert(e.from);
        if (from && !to) exits.insert(e.from);
        if (from) ends.erase(e.from);
    }
    if (exits.empty()) exits = ends;
    if (sources.size() > 1) {
        return failure("block.sources", said("{} cards feed it ({}); what is repeated is fed by one, as by the copy before it",
                                             sources.size(), listed(graph, sources)));
    }
    if (exits.size() != 1) {
        return failure("block.exits", said("{} of its cards are read from outside ({}); what is repeated has one, which feeds the next copy",
                                           exits.size(), listed(graph, exits)));
    }
    return BlockEnds{sources.empty() ? 0 : *sources.begin(), *exits.begin()};
}

std::vector<TooManyCopies> tooManyCopies(const ModelGraph& graph) {
    std::vector<TooManyCopies> out;
    auto cards = static_cast<std::int64_t>(graph.nodes().size());
    for (const Group& group : graph.groups()) {
        if (!isRepeated(group)) continue;
        const Result<BlockEnds> ends = blockEnds(graph, group.id);
        if (!ends || ends->source == 0) continue;
        const auto members = static_cast<std::int64_t>(graph.membersOf(group.id).size());
        const std::int64_t with = cards + members * (group.repeat - 1);
        if (with <= kMostCards) cards = with;
        else out.push_back({group.id, with, 1 + std::max(std::int64_t{0}, (kMostCards - cards) / members)});
    }
    return out;
}

} // namespace strata
