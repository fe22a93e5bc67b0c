// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"
#include "ui/look/metrics.h"

#include <QPainterPath>
#include <QRectF>

#include <map>
#include <span>
#include <vector>

namespace strata::ui {

/// A wire as the router sees it: its two ends and the cards that it joins.
struct WireEnds {
    Edge edge;
    QPointF from, to; ///< ports, scene
    NodeId fromCard = 0, toCard = 0; ///< the obstacles where it ends
};

/// The cards that are in the way.
struct Obstacle {
    NodeId id = 0;
    QRectF rect;
};

/// Straight between cards that stand one under the other, a soft curve between columns. Where a card is in the way: down
/// the column of one of its ends, if that is free, else a lane left of the stack, so that the right side belongs to the
/// feature maps. Lanes that run side by side do
/// not touch.
std::map<Edge, QPainterPath> routeWires(std::span<const WireEnds> wires, std::span<const Obstacle> cards,
                                        const Metrics& metrics);

/// The wire in the hand: a cubic curve that leaves and enters upright.
QPainterPath looseWire(QPointF from, QPointF to, bool leftToRight = false);
/// Through the places that a person chose.
QPainterPath bentWire(QPointF from, std::span<const QPointF> bends, QPointF to, bool leftToRight);

} // namespace strata::ui
