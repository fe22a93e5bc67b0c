// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace strata {

/// A card, or a group of cards as one, to be placed in rows and lanes.
struct PlacedItem {
    int height = 1;          ///< rows
    int left = 0, right = 0; ///< lanes that it takes beside its own
    std::vector<std::size_t> sources, consumers; ///< numbers of items; no loop
};

/// Rows by the longest path from above; lanes by taking the drawing apart into paths. The longest path is the main
/// column, lane 0; each further path takes one free lane, where it crosses the fewest wires, so that items never lie on
/// each other and a branch stays straight.
class LayerPlacement {
public:
    /// `order`: of all items, sources before consumers.
    LayerPlacement(const std::vector<PlacedItem>& items, std::vector<std::size_t> order);

    int row(std::size_t at) const { return m_row[at]; }
    int lane(std::size_t at) const { return m_lane[at]; }

private:
    struct Area {
        int left, right, first, last; ///< lanes, rows; the ends belong to it
    };

    void assignRows();
    void fillRows();
    bool open(std::size_t at) const;
    std::size_t longestOpenPathEnd();
    std::vector<std::size_t> pathTo(std::size_t end) const;
    std::vector<Area> areasOf(const std::vector<std::size_t>& path, int lane) const;
    bool isFree(const std::vector<Area>& areas) const;
    int crossings(const std::vector<std::size_t>& path, int lane) const;
    void placePath(const std::vector<std::size_t>& path);
    int bestLane(const std::vector<std::size_t>& path, const std::vector<int>& near) const;
    int lastRow(std::size_t at) const { return m_row[at] + m_items[at].height - 1; }

    const std::vector<PlacedItem>& m_items;
    std::vector<std::size_t> m_order;
    std::vector<int> m_row, m_lane, m_length;
    std::vector<Area> m_taken;
};

} // namespace strata
