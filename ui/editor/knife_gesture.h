// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/editor_scene.h"
#include "ui/editor/gesture.h"

#include <QGraphicsPathItem>

#include <set>

namespace strata::ui {

/// A stroke that cuts every wire it crosses, in one step.
class KnifeGesture : public Gesture {
public:
    KnifeGesture(EditorScene& scene, QPointF start);
    ~KnifeGesture() override;
    void move(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void finish(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void cancel() override;

private:
    void spare();

    EditorScene& m_scene;
    QPainterPath m_stroke;
    QGraphicsPathItem m_blade;
    std::set<Edge> m_cut;
};

} // namespace strata::ui
