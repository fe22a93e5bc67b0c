// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QTimer>
#include <QWidget>

#include <optional>
#include <vector>

namespace strata::ui {

class EditorView;

/// The whole drawing in a corner of the canvas, with the part that is seen; a press or a drag in it goes there. It
/// comes by itself once the drawing has many cards and the canvas room for it, until the hand says otherwise. It makes
/// way for what is selected, and where the whole drawing is in sight for all of it: to another corner, or away.
class MiniMap : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t kFromCards = 15;

    explicit MiniMap(EditorView& view);
    /// Shown or hidden against what drawing and canvas say, until toggled again.
    void toggle();
    /// Into its corner, shown or hidden as the drawing, the canvas and the hand want it.
    void refresh();
    /// Something is carried over the canvas: it goes from under the hand.
    void avoid(QPoint hand);
    /// Where a place of the scene is drawn, in this widget.
    QPointF fromScene(QPointF place) const;

Q_SIGNALS:
    void shown(bool visible);
    /// Nothing has moved for a moment: it stands where it is going to stay.
    void settled();

protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent*) override { m_held = false; }
    void mouseDoubleClickEvent(QMouseEvent*) override {}

private:
    enum class Corner { BottomRight, BottomLeft, TopLeft };

    /// What stands on the canvas, in the view.
    struct Things {
        std::vector<QRect> all, selected;
        bool inSight = false; ///< the whole drawing is
    };
    Things things() const;
    bool comesByItself() const;
    QRect placeIn(Corner corner) const;
    void makeWay();
    void drawCards();
    void goTo(QPointF at);

    EditorView& m_view;
    QPixmap m_cards; ///< drawn when the drawing changes: scrolling moves only the frame
    QRectF m_content;
    double m_scale = 1;
    QPointF m_corner; ///< of the content, in this widget
    QTimer m_rest; ///< ends when nothing has moved for a moment: until then it stays where it is
    Corner m_place = Corner::BottomRight;
    std::optional<bool> m_byHand; ///< shown or hidden
    bool m_stale = true, m_held = false, m_inTheWay = false;
};

} // namespace strata::ui
