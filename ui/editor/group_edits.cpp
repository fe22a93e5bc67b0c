// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/group_edits.h"

#include "engine/graph/layout.h"
#include "ui/editor/edits.h"

#include <algorithm>
#include <cmath>

namespace strata::ui::edits {
namespace {

struct Box {
    double left = 1e300, right = -1e300, top = 1e300, bottom = -1e300; ///< of the cards' places: centres of top edges
};

Box boxOf(const ModelGraph& graph, std::span<const NodeId> nodes) {
    Box box;
    for (const NodeId id : nodes) {
        const Point at = graph.find(id)->position;
        box.left = std::min(box.left, at.x);
        box.right = std::max(box.right, at.x);
        box.top = std::min(box.top, at.y);
        box.bottom = std::max(box.bottom, at.y);
    }
    return box;
}

std::vector<NodeId> others(const ModelGraph& graph, std::span<const NodeId> nodes) {
    std::vector<NodeId> rest;
    for (const auto& node : graph.nodes()) {
        if (std::ranges::find(nodes, node->id) == nodes.end()) rest.push_back(node->id);
    }
    return rest;
}

/// Moves what is at this height or below it.
void shiftFrom(ModelGraph& graph, std::span<const NodeId> nodes, double from, double by) {
    std::vector<NodeId> below;
    for (const NodeId id : nodes) {
        if (graph.find(id)->position.y >= from - 0.5) below.push_back(id);
    }
    moveBy(graph, below, 0, by);
}

/// What is free over and under the cards of a frame, to the next card in their columns; as much as there is not any: 1e300.
struct Gaps {
    double above = 1e300, below = 1e300;
};

Gaps gapsAround(const ModelGraph& graph, std::span<const NodeId> rest, const Box& box) {
    Gaps gaps;
    const LayoutOptions room;
    for (const NodeId other : rest) {
        const Node& card = *graph.find(other);
        const Point at = card.position;
        if (at.x + cardWidth() < box.left || at.x - cardWidth() > box.right) continue;
        // What is left of another frame keeps its own edges, and its title.
        if (at.y < box.top) gaps.above = std::min(gaps.above, box.top - at.y - room.cardHeight - (card.group == 0 ? 0.0 : room.frameBelow));
        if (at.y > box.bottom) gaps.below = std::min(gaps.below, at.y - box.bottom - room.cardHeight - (card.group == 0 ? 0.0 : room.frameAbove));
    }
    return gaps;
}

/// Of a gap that a frame has made for its edge: what is too much without the edge.
double surplus(double gap, double edge) {
    const double over = gap - LayoutOptions().gapY;
    return over > 0 && over <= edge + 0.5 ? over : 0;
}

} // namespace

GroupId groupCards(ModelGraph& graph, std::span<const NodeId> nodes, const std::string& title, bool block) {
    const GroupId id = graph.addGroup({.title = title, .block = block}, nodes);
    const std::vector<NodeId> rest = others(graph, nodes);
    const Box box = boxOf(graph, nodes);
    const LayoutOptions room;
    const Gaps gaps = gapsAround(graph, rest, box);
    const double down = std::max(0.0, room.gapY + room.frameAbove - gaps.above);
    const double apart = std::max(0.0, room.gapY + room.frameBelow - gaps.below);
    shiftFrom(graph, rest, box.bottom + 1, down + apart);
    if (down > 0) {
        shiftFrom(graph, nodes, box.top, down);
        std::vector<NodeId> beside;
        for (const NodeId other : rest) {
            const double y = graph.find(other)->position.y;
            if (y >= box.top - 0.5 && y <= box.bottom) beside.push_back(other);
        }
        moveBy(graph, beside, 0, down);
    }
    return id;
}

GroupId frameOf(const ModelGraph& graph, std::span<const NodeId> nodes) {
    const Node* first = nodes.empty() ? nullptr : graph.find(nodes.front());
    const Group* group = first == nullptr ? nullptr : graph.findGroup(first->group);
    if (group == nullptr || group->block) return 0;
    std::vector<NodeId> members = graph.membersOf(group->id), chosen(nodes.begin(), nodes.end());
    std::ranges::sort(members);
    std::ranges::sort(chosen);
    return members == chosen ? group->id : 0;
}

void makeBlock(ModelGraph& graph, GroupId frame) {
    const Group* group = graph.findGroup(frame);
    if (group == nullptr) return;
    Group block = *group;
    block.block = true;
    graph.replaceGroup(std::move(block));
}

void setFolded(ModelGraph& graph, GroupId id, bool folded) {
    const Group* group = graph.findGroup(id);
    if (group == nullptr || !group->block || group->folded == folded) return;
    Group other = *group;
    other.folded = folded;
    graph.replaceGroup(std::move(other));
    const std::vector<NodeId> members = graph.membersOf(id);
    const std::vector<NodeId> rest = others(graph, members);
    Box box = boxOf(graph, members);
    const double height = box.bottom - box.top;
    const LayoutOptions room;
    const Gaps gaps = gapsAround(graph, rest, box);
    if (folded) {
        const bool alone = std::ranges::none_of(rest, [&](NodeId node) {
            const double y = graph.find(node)->position.y;
            return y > box.top + 1 && y <= box.bottom;
        });
        if (!alone) return;
        shiftFrom(graph, rest, box.bottom + 1, -height - surplus(gaps.below, room.frameBelow));
        // One card needs no room for a title.
        const double up = surplus(gaps.above, room.frameAbove);
        shiftFrom(graph, rest, box.top, -up);
        moveBy(graph, members, 0, -up);
        return;
    }
    if (const double down = std::max(0.0, room.gapY + room.frameAbove - gaps.above); down > 0) {
        shiftFrom(graph, rest, box.top, down);
        moveBy(graph, members, 0, down);
        box.top += down;
        box.bottom += down;
    }
    double first = 1e300;
    for (const NodeId node : rest) {
        const double y = graph.find(node)->position.y;
        if (y > box.top + 1) first = std::min(first, y);
    }
    const double wanted = box.bottom + room.cardHeight + room.gapY + room.frameBelow;
    if (first < wanted) shiftFrom(graph, rest, first, wanted - first);
}

} // namespace strata::ui::edits
