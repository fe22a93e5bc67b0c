// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QWidget>

namespace strata::ui {

class EditorView;

/// The whole drawing in a corner of the canvas, with the part that is seen; a press or a drag in it goes there. It
/// comes by itself once the drawing has many cards, until the hand says otherwise.
class MiniMap : public QWidget {
    Q_OBJECT
public:
    static constexpr std::size_t kFromCards = 15;

    explicit MiniMap(EditorView& view);
    /// Shown or hidden against what the number of cards says, until toggled again.
    void toggle();
    /// Into its corner, shown or hidden as the drawing and the hand want it.
    void refresh();
    /// Where a place of the scene is drawn, in this widget.
    QPointF fromScene(QPointF place) const;

Q_SIGNALS:
    void shown(bool visible);

protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent*) override {}
    void mouseDoubleClickEvent(QMouseEvent*) override {}

private:
    void drawCards();
    void goTo(QPointF at);

    EditorView& m_view;
    QPixmap m_cards; ///< drawn when the drawing changes: scrolling moves only the frame
    QRectF m_content;
    double m_scale = 1;
    QPointF m_corner; ///< of the content, in this widget
    bool m_stale = true, m_against = false;
};

} // namespace strata::ui
