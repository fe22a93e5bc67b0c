// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/layout_room.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace strata {
namespace {

struct Box {
    double left = 1e300, top = 1e300, right = -1e300, bottom = -1e300;
    GroupId group = 0; ///< of a card: its frame; of a frame: itself
    bool frame = false;

    bool empty() const { return right < left; }
    void join(const Box& other) {
        left = std::min(left, other.left);
        top = std::min(top, other.top);
        right = std::max(right, other.right);
        bottom = std::max(bottom, other.bottom);
    }
};

Box cardAt(Point place, GroupId group, const LayoutOptions& o) {
    return {place.x - o.cardWidth / 2, place.y, place.x + o.cardWidth / 2, place.y + o.cardHeight, group};
}

/// A folded block stands in the middle of its cards, as one.
Box folded(const Box& cards, const LayoutOptions& o) {
    return cardAt({(cards.left + cards.right) / 2, cards.top}, cards.group, o);
}

Box framed(const Box& cards, const LayoutOptions& o) {
    return {cards.left - o.frameLeft, cards.top - o.frameAbove, cards.right + o.frameRight, cards.bottom + o.frameBelow, cards.group, true};
}

/// What the cards of the part, or all others, take: cards, folded blocks, and frames around such cards.
std::vector<Box> boxesOf(const ModelGraph& graph, const std::set<NodeId>& part, bool inPart, const LayoutOptions& o) {
    std::vector<Box> boxes;
    const auto isMeant = [&](NodeId id) { return part.contains(id) == inPart; };
    for (const auto& node : graph.nodes()) {
        const Group* group = graph.findGroup(node->group);
        const bool hidden = group != nullptr && group->block && group->folded;
        if (isMeant(node->id) && !hidden) boxes.push_back(cardAt(node->position, node->group, o));
    }
    for (const Group& group : graph.groups()) {
        const std::vector<NodeId> members = graph.membersOf(group.id);
        Box cards{.group = group.id};
        for (const NodeId id : members) {
            if (isMeant(id)) cards.join(cardAt(graph.find(id)->position, group.id, o));
        }
        if (cards.empty()) continue;
        const bool whole = std::ranges::all_of(members, isMeant);
        if (group.block && group.folded) boxes.push_back(folded(cards, o));
        else if (whole || !inPart) boxes.push_back(framed(cards, o));
    }
    return boxes;
}

bool meet(const Box& mine, const Box& other) {
    if (mine.group == other.group && mine.group != 0 && (mine.frame || other.frame)) return false;
    return mine.left < other.right && other.left < mine.right && mine.top < other.bottom && other.top < mine.bottom;
}

Box moved(Box box, Point by) {
    return {box.left + by.x, box.top + by.y, box.right + by.x, box.bottom + by.y, box.group, box.frame};
}

/// Past one thing after the other in this direction, until all is clear. Each step passes a thing for good, so there are
/// no more steps than pairs, unless places are so far out that a step is lost in them.
Point clearTowards(Point direction, const std::vector<Box>& mine, const std::vector<Box>& others, const LayoutOptions& o) {
    Point by;
    const auto step = [&](const Box& box, const Box& other) {
        if (direction.x > 0) by.x += other.right + o.gapX - box.left;
        else if (direction.x < 0) by.x -= box.right + o.gapX - other.left;
        else if (direction.y > 0) by.y += other.bottom + o.gapY - box.top;
        else by.y -= box.bottom + o.gapY - other.top;
    };
    bool again = true;
    for (std::size_t round = 0; again && round <= mine.size() * others.size(); ++round) {
        again = false;
        for (const Box& box : mine) {
            for (const Box& other : others) {
                if (!meet(moved(box, by), other)) continue;
                step(moved(box, by), other);
                again = true;
            }
        }
    }
    return by;
}

} // namespace

Point wayClear(const ModelGraph& graph, const std::set<NodeId>& part, const LayoutOptions& options) {
    const std::vector<Box> mine = boxesOf(graph, part, true, options), others = boxesOf(graph, part, false, options);
    // Less than a row passes no card of its own column.
    const double row = options.cardHeight + options.gapY;
    Point best;
    double least = std::numeric_limits<double>::max();
    for (const Point direction : {Point{0, 1}, Point{0, -1}, Point{1, 0}, Point{-1, 0}}) {
        const Point by = clearTowards(direction, mine, others, options);
        const double way = std::abs(by.x) + std::abs(by.y);
        if (way >= least || std::abs(by.y) >= row) continue;
        least = way;
        best = by;
    }
    return best;
}

} // namespace strata
