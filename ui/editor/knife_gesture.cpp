// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/knife_gesture.h"

#include "ui/editor/edits.h"

#include <QPen>

namespace strata::ui {

KnifeGesture::KnifeGesture(EditorScene& scene, QPointF start) : m_scene(scene), m_stroke(start) {
    QPen pen(scene.look().theme.status.error, scene.look().metrics.line.wire, Qt::DashLine, Qt::RoundCap);
    pen.setCosmetic(true);
    m_blade.setPen(pen);
    m_blade.setZValue(40);
    scene.addItem(&m_blade);
}

KnifeGesture::~KnifeGesture() {
    if (m_blade.scene() != nullptr) m_scene.removeItem(&m_blade);
}

void KnifeGesture::move(QPointF place, Qt::KeyboardModifiers) {
    QPainterPath step(m_stroke.currentPosition());
    step.lineTo(place);
    m_stroke.lineTo(place);
    m_blade.setPath(m_stroke);
    const QRectF reach = step.boundingRect().adjusted(-8, -8, 8, 8);
    for (const Edge& edge : m_scene.wireEdges()) {
        WireItem* wire = m_scene.wire(edge);
        const bool far = !wire->boundingRect().intersects(reach);
        if (far || m_cut.contains(edge) || !wire->isVisible() || !wire->shape().intersects(step)) continue;
        m_cut.insert(edge);
        wire->setCut(true);
    }
}

void KnifeGesture::finish(QPointF place, Qt::KeyboardModifiers modifiers) {
    move(place, modifiers);
    const std::vector<Edge> cut(m_cut.begin(), m_cut.end());
    spare();
    m_scene.document().edit(QObject::tr("Cut %n wires", nullptr, static_cast<int>(cut.size())),
                            [&](DocumentState& state) { edits::removeAll(state.graph, {}, cut); });
}

void KnifeGesture::cancel() {
    spare();
}

void KnifeGesture::spare() {
    for (const Edge& edge : m_cut) {
        if (WireItem* wire = m_scene.wire(edge)) wire->setCut(false);
    }
    m_cut.clear();
    m_blade.hide();
}

} // namespace strata::ui
