// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/editor_scene.h"
#include "ui/editor/gesture.h"

namespace strata::ui {

/// Leads a wire through a place: a new one where it was taken, or one that is there and is moved.
class BendGesture : public Gesture {
public:
    /// `bend`: the number of the one that is moved; -1: a new one at `start`.
    BendGesture(EditorScene& scene, const Edge& edge, int bend, QPointF start);
    void move(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void finish(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void cancel() override;

private:
    EditorScene& m_scene;
    Edge m_edge;
    std::vector<QPointF> m_points;
    std::size_t m_held = 0;
};

/// Which number a new bend at `place` has among `bends`: between the two that it is nearest to.
std::size_t bendNumber(QPointF from, const std::vector<QPointF>& bends, QPointF to, QPointF place);

} // namespace strata::ui
