// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/layer_placement.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

namespace strata {
namespace {

/// Comparing lanes costs the square of the number of items.
constexpr std::size_t kMostToCompare = 2000;
constexpr int kNoLane = std::numeric_limits<int>::min();

} // namespace

LayerPlacement::LayerPlacement(const std::vector<PlacedItem>& items, std::vector<std::size_t> order)
    : m_items(items)
    , m_order(std::move(order))
    , m_row(items.size(), 0)
    , m_lane(items.size(), kNoLane) {
    assignRows();
    if (items.size() > kMostToCompare) {
        fillRows();
        return;
    }
    for (std::size_t at = longestOpenPathEnd(); at != items.size(); at = longestOpenPathEnd()) placePath(pathTo(at));
}

void LayerPlacement::assignRows() {
    for (const std::size_t at : m_order) {
        for (const std::size_t from : m_items[at].sources) m_row[at] = std::max(m_row[at], lastRow(from) + 1);
    }
    // What begins a branch late (a second input) stands just above its reader instead of at the very top.
    for (const std::size_t at : m_order) {
        if (!m_items[at].sources.empty() || m_items[at].consumers.empty()) continue;
        int first = std::numeric_limits<int>::max();
        for (const std::size_t to : m_items[at].consumers) first = std::min(first, m_row[to]);
        m_row[at] = first - m_items[at].height;
    }
}

/// Side by side in the order of the data flow: for drawings that nobody draws by hand.
void LayerPlacement::fillRows() {
    std::map<int, int> next;
    for (const std::size_t at : m_order) {
        int lane = 0;
        for (int row = m_row[at]; row <= lastRow(at); ++row) lane = std::max(lane, next[row] + m_items[at].left);
        m_lane[at] = lane;
        for (int row = m_row[at]; row <= lastRow(at); ++row) next[row] = lane + m_items[at].right + 1;
    }
}

bool LayerPlacement::open(std::size_t at) const {
    return m_lane[at] == kNoLane;
}

/// Among the items without a lane: how many rows the longest path to each has. The last item of the longest one.
std::size_t LayerPlacement::longestOpenPathEnd() {
    m_length.assign(m_items.size(), 0);
    std::size_t best = m_items.size();
    for (const std::size_t at : m_order) {
        if (!open(at)) continue;
        m_length[at] = m_items[at].height;
        for (const std::size_t from : m_items[at].sources) {
            if (open(from)) m_length[at] = std::max(m_length[at], m_length[from] + m_items[at].height);
        }
        if (best == m_items.size() || m_length[at] > m_length[best]) best = at;
    }
    return best;
}

std::vector<std::size_t> LayerPlacement::pathTo(std::size_t end) const {
    std::vector<std::size_t> path{end};
    for (bool more = true; more;) {
        more = false;
        const std::size_t at = path.back();
        for (const std::size_t from : m_items[at].sources) {
            if (!open(from) || m_length[from] + m_items[at].height != m_length[at]) continue;
            path.push_back(from);
            more = true;
            break;
        }
    }
    std::ranges::reverse(path);
    return path;
}

std::vector<LayerPlacement::Area> LayerPlacement::areasOf(const std::vector<std::size_t>& path, int lane) const {
    std::vector<Area> areas{{lane, lane, m_row[path.front()], lastRow(path.back())}};
    for (const std::size_t at : path) {
        const PlacedItem& item = m_items[at];
        if (item.left + item.right > 0) areas.push_back({lane - item.left, lane + item.right, m_row[at], lastRow(at)});
    }
    return areas;
}

bool LayerPlacement::isFree(const std::vector<Area>& areas) const {
    return std::ranges::none_of(areas, [this](const Area& a) {
        return std::ranges::any_of(m_taken, [&](const Area& t) {
            return t.left <= a.right && a.left <= t.right && t.first <= a.last && a.first <= t.last;
        });
    });
}

/// Wires that cross when the path stands in this lane: straight lines between (row, lane) points.
int LayerPlacement::crossings(const std::vector<std::size_t>& path, int lane) const {
    struct Wire {
        double r0, x0, r1, x1;
    };
    std::vector<bool> inPath(m_items.size(), false);
    for (const std::size_t at : path) inPath[at] = true;
    const auto laneOf = [&](std::size_t at) { return inPath[at] ? lane : m_lane[at]; };
    std::vector<Wire> own, others;
    for (const std::size_t at : m_order) {
        if (laneOf(at) == kNoLane) continue;
        for (const std::size_t to : m_items[at].consumers) {
            if (laneOf(to) == kNoLane) continue;
            (inPath[at] || inPath[to] ? own : others)
                .push_back({static_cast<double>(lastRow(at)), static_cast<double>(laneOf(at)), static_cast<double>(m_row[to]),
                            static_cast<double>(laneOf(to))});
        }
    }
    int count = 0;
    for (const Wire& a : own) {
        for (const Wire& b : others) {
            const double top = std::max(a.r0, b.r0), bottom = std::min(a.r1, b.r1);
            if (top >= bottom) continue;
            const auto x = [](const Wire& w, double r) { return w.x0 + (w.x1 - w.x0) * (r - w.r0) / (w.r1 - w.r0); };
            if ((x(a, top) - x(b, top)) * (x(a, bottom) - x(b, bottom)) < 0) ++count;
        }
    }
    return count;
}

void LayerPlacement::placePath(const std::vector<std::size_t>& path) {
    // Neighbours that stand already: the path goes near them; without any it is a drawing of its own, to the left: feature maps lie
    // at the right of the cards.
    std::vector<int> near;
    for (const std::size_t at : path) {
        for (const std::size_t n : m_items[at].sources) {
            if (!open(n)) near.push_back(m_lane[n]);
        }
        for (const std::size_t n : m_items[at].consumers) {
            if (!open(n)) near.push_back(m_lane[n]);
        }
    }
    int lane = 0;
    if (near.empty()) {
        for (const Area& t : m_taken) lane = std::min(lane, t.left - 1);
        while (!isFree(areasOf(path, lane))) --lane;
    } else {
        lane = bestLane(path, near);
    }
    for (const std::size_t at : path) m_lane[at] = lane;
    const std::vector<Area> areas = areasOf(path, lane);
    m_taken.insert(m_taken.end(), areas.begin(), areas.end());
}

int LayerPlacement::bestLane(const std::vector<std::size_t>& path, const std::vector<int>& near) const {
    const auto [low, high] = std::ranges::minmax(near);
    std::tuple<int, int, int> bestCost{std::numeric_limits<int>::max(), 0, 0};
    int best = high + 1, candidates = 0;
    // Outwards from the neighbours; the first few free lanes are enough to choose among. Beyond all that is taken
    // there is always one.
    int reach = high - low + 1;
    for (const Area& t : m_taken) reach = std::max({reach, t.right - low + 1, high - t.left + 1});
    for (const std::size_t at : path) reach += m_items[at].left + m_items[at].right;
    for (int step = 0; step <= reach && candidates < 4; ++step) {
        for (const int lane : std::set<int>{high + step, low - step}) {
            if (!isFree(areasOf(path, lane))) continue;
            ++candidates;
            int distance = 0;
            for (const int n : near) distance += std::abs(lane - n);
            const std::tuple cost{crossings(path, lane), distance, lane < 0 ? 1 : 0};
            if (cost >= bestCost) continue;
            bestCost = cost;
            best = lane;
        }
    }
    return best;
}

} // namespace strata
