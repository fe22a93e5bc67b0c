// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/canvas_map.h"

#include <algorithm>

namespace strata::ui {
namespace {

constexpr double kColumn = 60; ///< between two columns of the document (LayoutOptions::gapX)
constexpr double kBelow = 38;  ///< from left to right: between cards with the strips below them

} // namespace


CanvasMap::CanvasMap(const Metrics& metrics, bool leftToRight) : m_leftToRight(leftToRight) {
    const Metrics& regular = Metrics::regular();
    if (leftToRight) {
        m_scaleX = (metrics.card.height + kBelow + metrics.card.stripTile) / (regular.card.width + kColumn);
        m_scaleY = (metrics.card.width + kColumnGap) / (regular.card.height + regular.card.gap);
        return;
    }
    m_scaleX = static_cast<double>(metrics.card.width) / regular.card.width;
    m_scaleY = static_cast<double>(metrics.card.height + metrics.card.gap) / (regular.card.height + regular.card.gap);
}

void CanvasMap::setPanels(std::vector<Panel> panels) {
    std::ranges::sort(panels, {}, &Panel::y);
    m_panels = std::move(panels);
}

QPointF CanvasMap::toScene(Point place) const {
    if (m_leftToRight) return {place.y * m_scaleY, place.x * m_scaleX};
    double shift = 0;
    for (const Panel& panel : m_panels) {
        if (panel.y < place.y) shift += panel.height;
    }
    return {place.x * m_scaleX, place.y * m_scaleY + shift};
}

Point CanvasMap::toDocument(QPointF place, std::span<const NodeId> moving) const {
    if (m_leftToRight) return {place.y() / m_scaleX, place.x() / m_scaleY};
    double shift = 0;
    double least = -1e300;
    for (const Panel& panel : m_panels) {
        if (std::ranges::find(moving, panel.owner) != moving.end()) continue;
        if (place.y() <= panel.y * m_scaleY + shift) break;
        shift += panel.height;
        least = panel.y + 1; // a place on the panel itself is one just below its card
    }
    return {place.x() / m_scaleX, std::max((place.y() - shift) / m_scaleY, least)};
}

} // namespace strata::ui
