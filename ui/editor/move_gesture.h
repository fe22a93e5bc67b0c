// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/editor_scene.h"
#include "ui/editor/gesture.h"

#include <optional>

namespace strata::ui {

/// Where cards in the hand would snap to, and the lines that show why.
struct Snapped {
    QPointF offset; ///< to be added to where the hand is
    QList<QLineF> guides;
};
/// `moving`: the rectangle of the cards in the hand where the hand wants them; `others`: the cards that stand.
/// Columns snap to columns, tops to tops and to one card's distance below or above a card of the same column.
Snapped snap(const QRectF& moving, const QList<QRectF>& others, double gap, double reach);

/// Guide lines over the cards.
class GuideItem : public QGraphicsItem {
public:
    explicit GuideItem(const CanvasLook& look);
    void setLines(const QList<QLineF>& lines);
    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    const CanvasLook& m_look;
    QList<QLineF> m_lines;
};

/// Moves the selected cards and notes. A single card without wires that is held over a wire goes into it; cards of no
/// frame that are put down in one belong to it.
class MoveGesture : public Gesture {
public:
    MoveGesture(EditorScene& scene, QPointF start, double zoom, bool snaps);
    ~MoveGesture() override;
    void move(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void finish(QPointF place, Qt::KeyboardModifiers modifiers) override;
    void cancel() override;

private:
    void setTarget(const WireItem* wire);
    const WireItem* wireBelow() const;
    std::map<NodeId, Point> newPlaces() const;
    GroupId frameAround(NodeId id) const;

    EditorScene& m_scene;
    QPointF m_start;
    double m_zoom;
    bool m_snaps;
    std::map<NodeId, QPointF> m_from, m_now;
    std::map<NoteId, QPointF> m_notesFrom, m_notesNow;
    NodeId m_loose = 0; ///< the one card that may go into a wire
    std::optional<Edge> m_target;
    std::unique_ptr<GuideItem> m_guides;
};

} // namespace strata::ui
