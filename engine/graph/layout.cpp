// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/layout.h"

#include "engine/graph/graph_index.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace strata {
namespace {

/// Comparing lanes costs the square of the number of cards.
constexpr std::size_t kMostToCompare = 2000;
constexpr int kNoLane = std::numeric_limits<int>::min();

/// Rows by the longest path from above; lanes by taking the drawing apart into paths. The longest path is the
/// main column; each further path takes one free lane, so that cards never lie on each other and a branch
/// stays straight.
class Layers {
public:
    Layers(const GraphIndex& index, std::vector<bool> chosen)
        : m_index(index)
        , m_chosen(std::move(chosen))
        , m_row(index.size(), 0)
        , m_lane(index.size(), kNoLane) {
        for (std::size_t at = 0; at < index.size(); ++at) {
            m_sources.push_back(chosenOf(index.inputs[at]));
            m_consumers.push_back(chosenOf(index.consumers[at]));
        }
        assignRows();
        if (index.size() > kMostToCompare) {
            fillRows();
            return;
        }
        for (std::size_t at = longestOpenPathEnd(); at != m_index.size(); at = longestOpenPathEnd())
            placePath(pathTo(at));
    }

    int row(std::size_t at) const { return m_row[at]; }
    int lane(std::size_t at) const { return m_lane[at]; }

private:
    const std::vector<std::size_t>& sources(std::size_t at) const { return m_sources[at]; }
    const std::vector<std::size_t>& consumers(std::size_t at) const { return m_consumers[at]; }
    std::vector<std::size_t> chosenOf(const std::vector<std::size_t>& all) const {
        std::vector<std::size_t> out;
        std::ranges::copy_if(all, std::back_inserter(out), [&](std::size_t i) { return m_chosen[i]; });
        return out;
    }

    void assignRows() {
        m_order = m_index.order();
        std::erase_if(m_order, [&](std::size_t i) { return !m_chosen[i]; });
        for (const std::size_t at : m_order) {
            for (const std::size_t from : sources(at))
                m_row[at] = std::max(m_row[at], m_row[from] + 1);
        }
        // What begins a branch late (a second input) stands just above its reader instead of at the very top.
        for (const std::size_t at : m_order) {
            if (!sources(at).empty() || consumers(at).empty()) continue;
            int first = std::numeric_limits<int>::max();
            for (const std::size_t to : consumers(at))
                first = std::min(first, m_row[to]);
            m_row[at] = first - 1;
        }
    }

    /// Side by side in the order of the data flow: for drawings that nobody draws by hand.
    void fillRows() {
        std::map<int, int> next;
        for (const std::size_t at : m_order)
            m_lane[at] = next[m_row[at]]++;
    }

    bool open(std::size_t at) const { return m_lane[at] == kNoLane; }

    /// Among the nodes without a lane: how many cards the longest path to each has. The last card of the
    /// longest one.
    std::size_t longestOpenPathEnd() {
        m_length.assign(m_index.size(), 0);
        std::size_t best = m_index.size();
        for (const std::size_t at : m_order) {
            if (!open(at)) continue;
            m_length[at] = 1;
            for (const std::size_t from : sources(at)) {
                if (open(from)) m_length[at] = std::max(m_length[at], m_length[from] + 1);
            }
            if (best == m_index.size() || m_length[at] > m_length[best]) best = at;
        }
        return best;
    }

    std::vector<std::size_t> pathTo(std::size_t end) const {
        std::vector<std::size_t> path{end};
        while (m_length[path.back()] > 1) {
            for (const std::size_t from : sources(path.back())) {
                if (!open(from) || m_length[from] + 1 != m_length[path.back()]) continue;
                path.push_back(from);
                break;
            }
        }
        std::ranges::reverse(path);
        return path;
    }

    bool isFree(int lane, int first, int last) const {
        return std::ranges::none_of(
            m_taken, [&](const Taken& t) { return t.lane == lane && t.first <= last && first <= t.last; });
    }

    /// Wires that cross when the path stands in this lane: straight lines between (row, lane) points.
    int crossings(const std::vector<std::size_t>& path, int lane) const {
        struct Wire {
            double r0, x0, r1, x1;
        };
        std::vector<bool> inPath(m_index.size(), false);
        for (const std::size_t at : path)
            inPath[at] = true;
        const auto laneOf = [&](std::size_t at) { return inPath[at] ? lane : m_lane[at]; };
        std::vector<Wire> own, others;
        for (const std::size_t at : m_order) {
            if (laneOf(at) == kNoLane) continue;
            for (const std::size_t to : consumers(at)) {
                if (laneOf(to) == kNoLane) continue;
                (inPath[at] || inPath[to] ? own : others)
                    .push_back({static_cast<double>(m_row[at]), static_cast<double>(laneOf(at)),
                                static_cast<double>(m_row[to]), static_cast<double>(laneOf(to))});
            }
        }
        int count = 0;
        for (const Wire& a : own) {
            for (const Wire& b : others) {
                const double top = std::max(a.r0, b.r0), bottom = std::min(a.r1, b.r1);
                if (top >= bottom) continue;
                const auto x = [](const Wire& w, double r) {
                    return w.x0 + (w.x1 - w.x0) * (r - w.r0) / (w.r1 - w.r0);
                };
                if ((x(a, top) - x(b, top)) * (x(a, bottom) - x(b, bottom)) < 0) ++count;
            }
        }
        return count;
    }

    void placePath(const std::vector<std::size_t>& path) {
        const int first = m_row[path.front()];
        const int last = m_row[path.back()];
        // Neighbours that stand already: the path goes near them; without any it is a drawing of its own, to
        // the right.
        std::vector<int> near;
        for (const std::size_t at : path) {
            for (const std::size_t n : sources(at)) {
                if (!open(n)) near.push_back(m_lane[n]);
            }
            for (const std::size_t n : consumers(at)) {
                if (!open(n)) near.push_back(m_lane[n]);
            }
        }
        int lane = 0;
        if (near.empty()) {
            for (const Taken& t : m_taken)
                lane = std::max(lane, t.lane + 1);
        } else {
            lane = bestLane(path, near, first, last);
        }
        for (const std::size_t at : path)
            m_lane[at] = lane;
        m_taken.push_back({lane, first, last});
    }

    int bestLane(const std::vector<std::size_t>& path, const std::vector<int>& near, int first,
                 int last) const {
        const auto [low, high] = std::ranges::minmax(near);
        std::tuple<int, int, int> bestCost{std::numeric_limits<int>::max(), 0, 0};
        int best = high + 1, candidates = 0;
        const int span = static_cast<int>(m_taken.size()) + 1;
        // Outwards from the neighbours; the first few free lanes are enough to choose among.
        for (int step = 0; step <= span + high - low && candidates < 4; ++step) {
            for (const int lane : std::set<int>{high + step, low - step}) {
                if (!isFree(lane, first, last)) continue;
                ++candidates;
                int distance = 0;
                for (const int n : near)
                    distance += std::abs(lane - n);
                const std::tuple cost{crossings(path, lane), distance, lane < 0 ? 1 : 0};
                if (cost >= bestCost) continue;
                bestCost = cost;
                best = lane;
            }
        }
        return best;
    }

    struct Taken {
        int lane, first, last;
    };
    const GraphIndex& m_index;
    std::vector<bool> m_chosen;
    std::vector<std::vector<std::size_t>> m_sources, m_consumers; ///< those that are chosen
    std::vector<std::size_t> m_order;                             ///< chosen nodes, inputs first
    std::vector<int> m_row, m_lane, m_length;
    std::vector<Taken> m_taken;
};

} // namespace

ModelGraph layOut(const ModelGraph& graph, const LayoutOptions& options, std::span<const NodeId> only) {
    const GraphIndex index(graph);
    std::vector<bool> chosen(index.size(), only.empty());
    for (const NodeId id : only) {
        if (const auto it = index.place.find(id); it != index.place.end()) chosen[it->second] = true;
    }
    const Layers layers(index, chosen);
    std::vector<Point> places(index.size());
    Point was{std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
    Point is = was;
    for (std::size_t at = 0; at < index.size(); ++at) {
        if (!chosen[at]) continue;
        places[at] = {layers.lane(at) * (options.cardWidth + options.gapX),
                      layers.row(at) * (options.cardHeight + options.gapY)};
        was = {std::min(was.x, index.nodes[at]->position.x), std::min(was.y, index.nodes[at]->position.y)};
        is = {std::min(is.x, places[at].x), std::min(is.y, places[at].y)};
    }
    // The whole drawing begins at the origin; a part stays where its corner was.
    const Point shift = only.empty() ? Point{0, -is.y} : Point{was.x - is.x, was.y - is.y};
    ModelGraph out = graph;
    for (std::size_t at = 0; at < index.size(); ++at) {
        if (!chosen[at]) continue;
        Node node = *index.nodes[at];
        node.position = {places[at].x + shift.x, places[at].y + shift.y};
        if (!(node.position == index.nodes[at]->position)) out.replace(std::move(node));
    }
    return out;
}

} // namespace strata
