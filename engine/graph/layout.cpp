// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/layout.h"

#include "engine/graph/graph_index.h"
#include "engine/graph/layer_placement.h"
#include "engine/graph/layout_room.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace strata {
namespace {

struct Cell {
    int row = 0, lane = 0;
};

/// Takes a drawing apart into items: a card each, or the cards of a frame or block as one, which are laid out by
/// themselves first.
class Arrangement {
public:
    Arrangement(const ModelGraph& graph, const GraphIndex& index, const std::vector<bool>& chosen)
        : m_graph(graph)
        , m_index(index) {
        for (const std::size_t at : index.order()) {
            if (chosen[at]) m_order.push_back(at);
        }
        std::set<GroupId> groups;
        for (const std::size_t at : m_order) groups.insert(index.nodes[at]->group);
        // Only cards of one group: nothing to keep apart.
        m_grouped = groups.size() > 1 || (groups.size() == 1 && folded(*groups.begin()));
        makeItems();
        connectItems();
        placeItems();
    }

    /// Of chosen cards; a card that is folded away has the cell of its block.
    const std::map<std::size_t, Cell>& cells() const { return m_cells; }
    bool folded(GroupId id) const {
        const Group* group = m_graph.findGroup(id);
        return group != nullptr && group->block && group->folded;
    }
    /// Rows where an open frame begins, and where one ends.
    const std::set<int>& firstRows() const { return m_firstRows; }
    const std::set<int>& lastRows() const { return m_lastRows; }

private:
    struct Content {
        GroupId group = 0;
        std::vector<std::size_t> cards;
        std::vector<Cell> cells; ///< of the cards, within the item
    };

    void makeItems() {
        std::map<GroupId, std::size_t> itemOf;
        for (const std::size_t at : m_order) {
            const GroupId group = m_grouped && m_graph.findGroup(m_index.nodes[at]->group) != nullptr ? m_index.nodes[at]->group : 0;
            const auto known = itemOf.find(group);
            if (group == 0 || known == itemOf.end()) {
                if (group != 0) itemOf[group] = m_contents.size();
                m_itemOf[at] = m_contents.size();
                m_contents.push_back({group, {at}, {}});
            } else {
                m_itemOf[at] = known->second;
                m_contents[known->second].cards.push_back(at);
            }
        }
        m_items.resize(m_contents.size());
        for (std::size_t i = 0; i < m_contents.size(); ++i) layOutInside(m_contents[i], m_items[i]);
    }

    void layOutInside(Content& content, PlacedItem& item) const {
        content.cells.assign(content.cards.size(), {});
        if (content.cards.size() == 1 || folded(content.group)) return;
        std::map<std::size_t, std::size_t> numbers;
        for (std::size_t i = 0; i < content.cards.size(); ++i) numbers[content.cards[i]] = i;
        std::vector<PlacedItem> cards(content.cards.size());
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < content.cards.size(); ++i) {
            order.push_back(i);
            for (const std::size_t from : m_index.inputs[content.cards[i]]) {
                const auto source = numbers.find(from);
                if (source == numbers.end()) continue;
                cards[i].sources.push_back(source->second);
                cards[source->second].consumers.push_back(i);
            }
        }
        const LayerPlacement placed(cards, order);
        int first = std::numeric_limits<int>::max(), last = std::numeric_limits<int>::min();
        for (std::size_t i = 0; i < cards.size(); ++i) {
            content.cells[i] = {placed.row(i), placed.lane(i)};
            first = std::min(first, placed.row(i));
            last = std::max(last, placed.row(i));
            item.left = std::max(item.left, -placed.lane(i));
            item.right = std::max(item.right, placed.lane(i));
        }
        for (Cell& cell : content.cells) cell.row -= first;
        item.height = last - first + 1;
    }

    bool reaches(std::size_t from, std::size_t to) const {
        std::vector<std::size_t> open{from};
        std::set<std::size_t> seen{from};
        while (!open.empty()) {
            const std::size_t at = open.back();
            open.pop_back();
            if (at == to) return true;
            for (const std::size_t next : m_items[at].consumers) {
                if (seen.insert(next).second) open.push_back(next);
            }
        }
        return false;
    }

    /// Cards between two of a frame make a loop of items: such a wire says nothing about the rows.
    void connectItems() {
        for (const std::size_t at : m_order) {
            const std::size_t to = m_itemOf.at(at);
            for (const std::size_t source : m_index.inputs[at]) {
                const auto known = m_itemOf.find(source);
                if (known == m_itemOf.end() || known->second == to) continue;
                const std::size_t from = known->second;
                if (m_grouped && (std::ranges::find(m_items[to].sources, from) != m_items[to].sources.end() || reaches(to, from))) continue;
                m_items[to].sources.push_back(from);
                m_items[from].consumers.push_back(to);
            }
        }
    }

    std::vector<std::size_t> itemOrder() const {
        std::vector<std::size_t> order, waiting(m_items.size());
        std::set<std::size_t> open; // by first card, so that the order is that of the data flow
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            waiting[i] = m_items[i].sources.size();
            if (waiting[i] == 0) open.insert(i);
        }
        while (!open.empty()) {
            const std::size_t at = *open.begin();
            open.erase(open.begin());
            order.push_back(at);
            for (const std::size_t to : m_items[at].consumers) {
                if (--waiting[to] == 0) open.insert(to);
            }
        }
        return order;
    }

    void placeItems() {
        const LayerPlacement placed(m_items, itemOrder());
        for (std::size_t i = 0; i < m_items.size(); ++i) {
            const Content& content = m_contents[i];
            for (std::size_t k = 0; k < content.cards.size(); ++k) {
                m_cells[content.cards[k]] = {placed.row(i) + content.cells[k].row, placed.lane(i) + content.cells[k].lane};
            }
            if (content.group == 0 || folded(content.group)) continue;
            m_firstRows.insert(placed.row(i));
            m_lastRows.insert(placed.row(i) + m_items[i].height - 1);
        }
    }

    const ModelGraph& m_graph;
    const GraphIndex& m_index;
    bool m_grouped = false;
    std::vector<std::size_t> m_order; ///< chosen cards, inputs first
    std::map<std::size_t, std::size_t> m_itemOf;
    std::vector<Content> m_contents;
    std::vector<PlacedItem> m_items;
    std::map<std::size_t, Cell> m_cells;
    std::set<int> m_firstRows, m_lastRows;
};

/// Where the cards of folded blocks stand around the place of their block.
std::map<NodeId, Point> insideBlocks(const ModelGraph& graph, const Arrangement& arrangement) {
    std::map<NodeId, Point> out;
    for (const Group& group : graph.groups()) {
        if (!arrangement.folded(group.id)) continue;
        Point low{1e300, 1e300}, high{-1e300, -1e300};
        const std::vector<NodeId> members = graph.membersOf(group.id);
        for (const NodeId id : members) {
            const Point at = graph.find(id)->position;
            low = {std::min(low.x, at.x), std::min(low.y, at.y)};
            high = {std::max(high.x, at.x), std::max(high.y, at.y)};
        }
        for (const NodeId id : members) {
            const Point at = graph.find(id)->position;
            out[id] = {at.x - (low.x + high.x) / 2, at.y - low.y};
        }
    }
    return out;
}

/// A wire's bends belong to the places of its cards: they stay where both moved alike.
void forgetBends(ModelGraph& after, const ModelGraph& before) {
    const ModelGraph::Bends bends = before.allBends();
    for (const auto& [ends, points] : bends) {
        const auto way = [&](NodeId id) {
            const Point was = before.find(id)->position, is = after.find(id)->position;
            return Point{is.x - was.x, is.y - was.y};
        };
        const Point from = way(ends.first), to = way(ends.second);
        if (!(from == to)) {
            after.setBends(ends.first, ends.second, {});
            continue;
        }
        std::vector<Point> moved = points;
        for (Point& p : moved) p = {p.x + from.x, p.y + from.y};
        after.setBends(ends.first, ends.second, std::move(moved));
    }
}

void moveClear(ModelGraph& graph, const std::set<NodeId>& part, const LayoutOptions& options) {
    const Point by = wayClear(graph, part, options);
    if (by == Point()) return;
    for (const NodeId id : part) {
        if (graph.find(id) == nullptr) continue;
        Node node = *graph.find(id);
        node.position = {node.position.x + by.x, node.position.y + by.y};
        graph.replace(std::move(node));
    }
}

} // namespace

ModelGraph layOut(const ModelGraph& graph, const LayoutOptions& options, std::span<const NodeId> only) {
    const GraphIndex index(graph);
    std::vector<bool> chosen(index.size(), only.empty());
    for (const NodeId id : only) {
        if (const auto it = index.place.find(id); it != index.place.end()) chosen[it->second] = true;
    }
    const Arrangement arrangement(graph, index, chosen);
    const std::map<NodeId, Point> inside = insideBlocks(graph, arrangement);
    const auto before = [](const std::set<int>& rows, int row) { return static_cast<double>(std::distance(rows.begin(), rows.lower_bound(row))); };
    std::vector<Point> places(index.size());
    Point was{std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
    Point is = was;
    for (const auto& [at, cell] : arrangement.cells()) {
        const double frames = before(arrangement.firstRows(), cell.row + 1) * options.frameAbove + before(arrangement.lastRows(), cell.row) * options.frameBelow;
        places[at] = {cell.lane * (options.cardWidth + options.gapX), cell.row * (options.cardHeight + options.gapY) + frames};
        was = {std::min(was.x, index.nodes[at]->position.x), std::min(was.y, index.nodes[at]->position.y)};
        is = {std::min(is.x, places[at].x), std::min(is.y, places[at].y)};
    }
    // The whole drawing begins at the origin; a part stays where its corner was.
    const Point shift = only.empty() ? Point{0, -is.y} : Point{was.x - is.x, was.y - is.y};
    ModelGraph out = graph;
    for (const auto& [at, cell] : arrangement.cells()) {
        Node node = *index.nodes[at];
        node.position = {places[at].x + shift.x, places[at].y + shift.y};
        if (const auto within = inside.find(node.id); within != inside.end())
            node.position = {node.position.x + within->second.x, node.position.y + within->second.y};
        if (!(node.position == index.nodes[at]->position)) out.replace(std::move(node));
    }
    if (!only.empty()) moveClear(out, {only.begin(), only.end()}, options);
    forgetBends(out, graph);
    return out;
}

} // namespace strata
