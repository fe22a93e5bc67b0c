// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/analysis_fold.h"

#include "engine/core/number_text.h"
#include "engine/core/said.h"

#include <algorithm>

namespace strata {
namespace {

/// Adds what a copy costs to the card that it is a copy of.
void addCopy(NodeReport& card, const NodeReport& copy) {
    ++card.copies;
    card.parameters += copy.parameters;
    card.trainableParameters += copy.trainableParameters;
    card.memoryPerSample += copy.memoryPerSample;
    card.plan.macs += copy.plan.macs;
}

NodeReport passedThrough(const ModelGraph& graph, NodeId id, const std::map<NodeId, NodeReport>& nodes) {
    NodeReport out;
    const std::vector<Edge> inputs = graph.inputsOf(id);
    if (inputs.empty()) {
        out.state = NodeState::Unconnected;
        return out;
    }
    const NodeId above = inputs.front().from;
    const NodeReport& source = nodes.at(above);
    if (source.state != NodeState::Ready) {
        out.state = NodeState::Blocked;
        out.waitsFor = source.state == NodeState::Blocked ? source.waitsFor : above;
        return out;
    }
    out.inputShapes = {source.plan.output};
    out.plan.output = source.plan.output;
    out.plan.viewOfInput = true;
    out.receptive = source.receptive;
    return out;
}

void unique(std::vector<NodeId>& ids) {
    std::vector<NodeId> out;
    for (const NodeId id : ids) {
        if (std::ranges::find(out, cardOf(id)) == out.end()) out.push_back(cardOf(id));
    }
    ids = std::move(out);
}

void tellOfCards(std::vector<Problem>& problems) {
    std::vector<Problem> out;
    for (Problem& p : problems) {
        const std::int64_t copy = copyOf(p.node);
        p.node = cardOf(p.node);
        const bool told = copy > 0 && std::ranges::any_of(out, [&](const Problem& o) { return o.node == p.node && o.id == p.id; });
        if (told) continue;
        if (copy > 0) p.text = said("In copy {} of its block: {}", copy + 1, p.text);
        out.push_back(std::move(p));
    }
    problems = std::move(out);
}

Problem ofBlock(const ModelGraph& graph, const Group& block, const Error& error) {
    const NodeId first = graph.membersOf(block.id).front();
    const std::string text = said("The block \"{}\" cannot be repeated {} times: {}.", block.title, block.repeat, error.message);
    return {.id = error.id, .node = first, .severity = Severity::Error, .shortText = text, .text = text};
}

Error tooMany(const TooManyCopies& block) {
    return failure("block.cards", said("the network would have {} cards, and at most {} are built; {}", grouped(block.cards), grouped(kMostCards),
                                       block.fits > 1 ? said("repeat it at most {} times", block.fits) : said("do not repeat it")));
}

void addBlock(const ModelGraph& graph, const Group& group, const GraphReport& flatReport, GraphReport& report) {
    BlockReport& block = report.blocks[group.id];
    for (const NodeId id : graph.membersOf(group.id)) {
        const NodeReport& node = report.nodes.at(id);
        block.parameters += node.parameters;
        block.macs += node.plan.macs;
        block.layers += group.repeat;
        if (block.broken == 0 && node.state == NodeState::Broken) block.broken = id;
    }
    const Result<BlockEnds> ends = blockEnds(graph, group.id);
    if (!ends) return;
    const NodeReport* last = flatReport.find(copyId(ends->exit, group.repeat - 1));
    if (last == nullptr) last = report.find(ends->exit);
    if (last != nullptr && last->state == NodeState::Ready) block.output = last->plan.output;
}

} // namespace

void foldReport(const ModelGraph& graph, GraphReport& report) {
    const std::map<NodeId, NodeReport> flat = std::move(report.nodes);
    report.nodes.clear();
    for (const auto& [id, node] : flat) {
        const auto [at, fresh] = report.nodes.try_emplace(cardOf(id), node); // the first copy has the smallest id
        if (fresh) continue;
        addCopy(at->second, node);
        if (at->second.state == NodeState::Ready && node.state != NodeState::Ready) at->second.state = node.state;
        if (at->second.waitsFor == 0) at->second.waitsFor = cardOf(node.waitsFor);
    }
    for (auto& [id, node] : report.nodes) node.waitsFor = cardOf(node.waitsFor);
    report.order = topologicalOrder(graph);
    for (const NodeId id : report.order) {
        if (!report.nodes.contains(id)) report.nodes[id] = passedThrough(graph, id, report.nodes);
    }
    unique(report.inputs);
    unique(report.outputs);
    tellOfCards(report.problems);
}

void addBlocks(const ModelGraph& graph, const GraphReport& flatReport, GraphReport& report) {
    const auto refuse = [&](const Group& group, const Error& error) {
        report.problems.insert(report.problems.begin(), ofBlock(graph, group, error));
        BlockReport& block = report.blocks[group.id];
        if (block.broken == 0) block.broken = report.problems.front().node;
    };
    for (const Group& group : graph.groups()) {
        addBlock(graph, group, flatReport, report);
        const Result<BlockEnds> ends = blockEnds(graph, group.id);
        if (!ends && group.block && group.repeat > 1) refuse(group, ends.error());
    }
    for (const TooManyCopies& block : tooManyCopies(graph)) refuse(*graph.findGroup(block.block), tooMany(block));
}

} // namespace strata
