// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QPointF>
#include <QWidget>

#include <optional>

namespace strata::ui {

/// A square to draw in with the mouse: white on black with a soft brush. It can show a picture instead.
class DrawPad : public QWidget {
    Q_OBJECT
public:
    static constexpr int kSide = 280; ///< pixels of the drawing, however large the pad is

    explicit DrawPad(QWidget* parent = nullptr);
    const QImage& drawing() const { return m_image; }
    bool isEmpty() const { return m_empty; }
    void clear();
    /// Shows what was not drawn; the next stroke replaces it.
    void showPicture(const QImage& picture);
    /// A stroke in drawing pixels; as the mouse makes them.
    void stroke(QPointF from, QPointF to);
    QSize sizeHint() const override { return {150, 150}; }
    QSize minimumSizeHint() const override { return {84, 84}; }

Q_SIGNALS:
    /// The drawing is another; comes with every move of the mouse.
    void drawn();

protected:
    void paintEvent(QPaintEvent*) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    QRectF area() const;
    QPointF toDrawing(QPointF place) const;

    QImage m_image, m_picture;
    std::optional<QPointF> m_last;
    bool m_empty = true;
};

} // namespace strata::ui
