// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"
#include "ui/look/metrics.h"

#include <QPointF>

#include <span>
#include <vector>

namespace strata::ui {

/// From the document's places to those of the scene and back. The document counts in regular cards; compact cards
/// stand closer together, and the panel of a mistake pushes down whatever is below it, without an edit. In the document
/// data always flow downwards; seen from left to right its rows are columns.
class CanvasMap {
public:
    struct Panel {
        NodeId owner = 0;
        double y = 0;      ///< of the card in the document
        double height = 0; ///< scene pixels
    };

    /// Between two columns of cards when data flow from left to right.
    static constexpr double kColumnGap = 44;

    explicit CanvasMap(const Metrics& metrics = Metrics::regular(), bool leftToRight = false);
    void setPanels(std::vector<Panel> panels);

    QPointF toScene(Point place) const;
    /// `moving`: cards whose own panels do not count, because they come along.
    Point toDocument(QPointF place, std::span<const NodeId> moving = {}) const;

private:
    double m_scaleX = 1, m_scaleY = 1; ///< of the document's axes
    bool m_leftToRight = false;         ///< the document's y is the scene's x; panels push nothing
    std::vector<Panel> m_panels; ///< from top to bottom
};

} // namespace strata::ui
