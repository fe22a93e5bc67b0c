// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/editor_scene.h"
#include "ui/editor/gesture.h"

namespace strata::ui {

/// The rubber band. With Ctrl or Shift it adds to what was selected before.
class BandGesture : public Gesture {
public:
    BandGesture(EditorScene& scene, QPointF start, bool add);
    ~BandGesture() override;
    void move(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void finish(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void cancel() override;

private:
    EditorScene& m_scene;
    QPointF m_start;
    std::vector<NodeId> m_before;
    std::vector<NoteId> m_notesBefore;
    QGraphicsRectItem m_band;
};

} // namespace strata::ui
