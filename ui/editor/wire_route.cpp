// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/wire_route.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace strata::ui {
namespace {

constexpr double kNextLane = 12, kCorner = 10, kAlmostUpright = 1.5, kStub = 36;
constexpr double kClear = 6; ///< a wire keeps this far from a card that it passes

struct Span {
    double left = 0, top = 0, bottom = 0;
};

bool blocked(const WireEnds& wire, std::span<const Obstacle> cards) {
    const double top = std::min(wire.from.y(), wire.to.y());
    const double bottom = std::max(wire.from.y(), wire.to.y());
    const QRectF corridor(QPointF(std::min(wire.from.x(), wire.to.x()), top),
                          QPointF(std::max(wire.from.x(), wire.to.x()) + 0.1, bottom));
    return std::ranges::any_of(cards, [&](const Obstacle& card) {
        if (card.id == wire.fromCard || card.id == wire.toCard) return false;
        if (!card.rect.adjusted(0, 2, 0, -2).intersects(corridor)) return false;
        if (std::abs(wire.from.x() - wire.to.x()) < kAlmostUpright) return true;
        // A slanting wire is in a card's way only where it really passes.
        const double dy = wire.to.y() - wire.from.y();
        if (std::abs(dy) < 1) return true;
        const auto xAt = [&](double y) {
            const double t = std::clamp((y - wire.from.y()) / dy, 0.0, 1.0);
            const double s = t * t * (3 - 2 * t); // the curve's own way of leaving upright
            return wire.from.x() + s * (wire.to.x() - wire.from.x());
        };
        const double a = xAt(card.rect.top()), b = xAt(card.rect.bottom());
        return std::max(a, b) > card.rect.left() - 4 && std::min(a, b) < card.rect.right() + 4;
    });
}

/// An upright-and-level path with round corners.
QPainterPath rounded(const std::vector<QPointF>& points) {
    QPainterPath path(points.front());
    for (std::size_t i = 1; i + 1 < points.size(); ++i) {
        const QPointF before = points[i - 1] - points[i], after = points[i + 1] - points[i];
        const double a = std::hypot(before.x(), before.y()), b = std::hypot(after.x(), after.y());
        if (a < 0.5 || b < 0.5) continue;
        const double r = std::min({kCorner, a / 2, b / 2});
        path.lineTo(points[i] + before * (r / a));
        path.quadTo(points[i], points[i] + after * (r / b));
    }
    path.lineTo(points.back());
    return path;
}

QPainterPath inLane(const WireEnds& wire, double lane, double half) {
    const double out = wire.from.y() + half, in = wire.to.y() - half;
    return rounded({wire.from, {wire.from.x(), out}, {lane, out}, {lane, in}, {wire.to.x(), in}, wire.to});
}

/// Upright and level stretches that meet no card but those at the ends.
bool free(const std::vector<QPointF>& points, const WireEnds& wire, std::span<const Obstacle> cards) {
    for (std::size_t i = 1; i < points.size(); ++i) {
        const QRectF stretch = QRectF(points[i - 1], points[i]).normalized().adjusted(-kClear, 0, kClear, 0.1);
        const auto meets = [&](const Obstacle& card) {
            const bool end = (card.id == wire.fromCard && i == 1) || (card.id == wire.toCard && i + 1 == points.size());
            return !end && card.rect.intersects(stretch);
        };
        if (std::ranges::any_of(cards, meets)) return false;
    }
    return true;
}

/// To another column: down its own and across above the card where it ends, or across below the card where it begins.
std::optional<QPainterPath> downAColumn(const WireEnds& wire, std::span<const Obstacle> cards, double half) {
    const QPointF from = wire.from, to = wire.to;
    if (to.y() - from.y() < 4 * half || std::abs(from.x() - to.x()) < kAlmostUpright) return {};
    for (const double across : {to.y() - half, from.y() + half}) {
        const std::vector<QPointF> points{from, {from.x(), across}, {to.x(), across}, to};
        if (free(points, wire, cards)) return rounded(points);
    }
    return {};
}

} // namespace

std::map<Edge, QPainterPath> routeWires(std::span<const WireEnds> wires, std::span<const Obstacle> cards,
                                        const Metrics& metrics) {
    std::map<Edge, QPainterPath> paths;
    std::vector<const WireEnds*> skips;
    for (const WireEnds& wire : wires) {
        const bool upwards = wire.to.y() < wire.from.y() + 4;
        if (upwards || blocked(wire, cards)) {
            const std::optional<QPainterPath> column = upwards ? std::nullopt : downAColumn(wire, cards, metrics.card.gap / 2.0);
            if (column) paths[wire.edge] = *column;
            else skips.push_back(&wire);
        } else if (std::abs(wire.from.x() - wire.to.x()) < kAlmostUpright) {
            QPainterPath straight(wire.from);
            straight.lineTo(wire.to);
            paths[wire.edge] = straight;
        } else {
            paths[wire.edge] = looseWire(wire.from, wire.to);
        }
    }
    // Short skips lie inside, long ones around them.
    std::ranges::stable_sort(skips, {}, [](const WireEnds* w) { return std::abs(w->to.y() - w->from.y()); });
    std::vector<Span> taken;
    for (const WireEnds* wire : skips) {
        const double top = std::min(wire->from.y(), wire->to.y()), bottom = std::max(wire->from.y(), wire->to.y());
        double left = std::min(wire->from.x(), wire->to.x());
        for (const Obstacle& card : cards) {
            if (card.rect.bottom() >= top - 1 && card.rect.top() <= bottom + 1) left = std::min(left, card.rect.left());
        }
        double lane = left - metrics.card.laneLeft;
        const auto collides = [&](const Span& other) {
            return std::abs(other.left - lane) < kNextLane - 1 && other.top < bottom && other.bottom > top;
        };
        while (std::ranges::any_of(taken, collides)) lane -= kNextLane;
        taken.push_back({lane, top, bottom});
        paths[wire->edge] = inLane(*wire, lane, metrics.card.gap / 2.0);
    }
    return paths;
}

QPainterPath looseWire(QPointF from, QPointF to, bool leftToRight) {
    const double way = leftToRight ? to.x() - from.x() : to.y() - from.y();
    const double reach = std::max(24.0, 0.45 * std::abs(way));
    const QPointF along = leftToRight ? QPointF(reach, 0) : QPointF(0, reach);
    QPainterPath path(from);
    path.cubicTo(from + along, to - along, to);
    return path;
}

QPainterPath bentWire(QPointF from, std::span<const QPointF> bends, QPointF to, bool leftToRight) {
    std::vector<QPointF> places(bends.begin(), bends.end());
    places.push_back(to);
    const QPointF flow = leftToRight ? QPointF(1, 0) : QPointF(0, 1);
    QPainterPath path(from);
    QPointF last = from, leaving = flow;
    for (std::size_t i = 0; i < places.size(); ++i) {
        // Through a bend the wire runs as from the place before it to the place after it.
        QPointF arriving = flow;
        if (i + 1 < places.size()) {
            const QPointF chord = places[i + 1] - last;
            const double length = std::hypot(chord.x(), chord.y());
            if (length > 1) arriving = chord / length;
        }
        const QPointF step = places[i] - last;
        const double reach = 0.4 * std::hypot(step.x(), step.y());
        const double out = i == 0 ? std::min(reach, kStub) : reach, in = i + 1 == places.size() ? std::min(reach, kStub) : reach;
        path.cubicTo(last + leaving * out, places[i] - arriving * in, places[i]);
        last = places[i];
        leaving = arriving;
    }
    return path;
}

} // namespace strata::ui
