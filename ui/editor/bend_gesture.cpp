// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/bend_gesture.h"

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

double distanceTo(QPointF place, QPointF a, QPointF b) {
    const QPointF way = b - a;
    const double length = QPointF::dotProduct(way, way);
    const double t = length < 1 ? 0 : std::clamp(QPointF::dotProduct(place - a, way) / length, 0.0, 1.0);
    const QPointF d = place - (a + way * t);
    return std::hypot(d.x(), d.y());
}

} // namespace

std::size_t bendNumber(QPointF from, const std::vector<QPointF>& bends, QPointF to, QPointF place) {
    std::vector<QPointF> all{from};
    all.insert(all.end(), bends.begin(), bends.end());
    all.push_back(to);
    std::size_t best = 0;
    double least = 1e300;
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
        const double distance = distanceTo(place, all[i], all[i + 1]);
        if (distance >= least) continue;
        least = distance;
        best = i;
    }
    return best;
}

BendGesture::BendGesture(EditorScene& scene, const Edge& edge, int bend, QPointF start) : m_scene(scene), m_edge(edge) {
    const WireItem& wire = *scene.wire(edge);
    m_points = wire.bends();
    m_held = static_cast<std::size_t>(std::max(bend, 0));
    if (bend >= 0) return;
    m_held = bendNumber(wire.path().pointAtPercent(0), m_points, wire.path().pointAtPercent(1), start);
    m_points.insert(m_points.begin() + static_cast<std::ptrdiff_t>(m_held), start);
}

void BendGesture::move(QPointF place, Qt::KeyboardModifiers) {
    m_points[m_held] = {std::round(place.x()), std::round(place.y())};
    m_scene.previewBends(m_edge, m_points);
}

void BendGesture::finish(QPointF place, Qt::KeyboardModifiers modifiers) {
    move(place, modifiers);
    std::vector<Point> points;
    for (const QPointF& point : m_points) points.push_back(m_scene.map().toDocument(point));
    cancel();
    m_scene.document().edit(QObject::tr("Lead a wire"),
                            [&](DocumentState& state) { state.graph.setBends(m_edge.from, m_edge.to, points); });
}

void BendGesture::cancel() {
    m_scene.endPreview();
}

} // namespace strata::ui
