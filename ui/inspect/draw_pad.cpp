// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspect/draw_pad.h"

#include "ui/look/theme.h"

#include <QMouseEvent>
#include <QPainter>
#include <QRadialGradient>

#include <cmath>

namespace strata::ui {
namespace {

// A stroke is about as thick for its figure as a pen's: a digit that fills the pad comes out like one of the usual sets.
constexpr double kBrush = 15;

} // namespace

DrawPad::DrawPad(QWidget* parent) : QWidget(parent), m_image(kSide, kSide, QImage::Format_RGB32) {
    setObjectName(QStringLiteral("drawPad"));
    setAccessibleName(tr("Draw here with the mouse"));
    setCursor(Qt::CrossCursor);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    m_image.fill(Qt::black);
}

void DrawPad::clear() {
    m_image.fill(Qt::black);
    m_picture = {};
    m_empty = true;
    update();
    Q_EMIT drawn();
}

void DrawPad::showPicture(const QImage& picture) {
    m_image.fill(Qt::black);
    m_empty = true;
    m_picture = picture;
    update();
}

QRectF DrawPad::area() const {
    const double side = std::min(width(), height());
    return {0, 0, side, side};
}

QPointF DrawPad::toDrawing(QPointF place) const {
    return place * (kSide / std::max(1.0, area().width()));
}

void DrawPad::stroke(QPointF from, QPointF to) {
    m_picture = {};
    QPainter painter(&m_image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setCompositionMode(QPainter::CompositionMode_Lighten);
    const double length = std::hypot(to.x() - from.x(), to.y() - from.y());
    const int steps = std::max(1, static_cast<int>(length / 3));
    for (int i = 0; i <= steps; ++i) {
        const QPointF at = from + (to - from) * (static_cast<double>(i) / steps);
        QRadialGradient soft(at, kBrush);
        soft.setColorAt(0, Qt::white);
        soft.setColorAt(0.65, Qt::white);
        soft.setColorAt(1, Qt::black);
        painter.setBrush(soft);
        painter.drawEllipse(at, kBrush, kBrush);
    }
    m_empty = false;
    update();
    Q_EMIT drawn();
}

void DrawPad::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Theme& theme = currentTheme();
    const QRectF box = area();
    painter.fillRect(box, Qt::black);
    if (!m_picture.isNull()) {
        QRectF target(QPointF(), QSizeF(m_picture.size()).scaled(box.size(), Qt::KeepAspectRatio));
        target.moveCenter(box.center());
        painter.drawImage(target, m_picture);
    } else {
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(box, m_image);
    }
    painter.setPen(QPen(theme.line.cardBorder, 1));
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
    if (!m_empty || !m_picture.isNull()) return;
    painter.setPen(QColor(170, 174, 182));
    painter.setFont(theme.font(TextRole::Small));
    painter.drawText(box, static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap, tr("Draw here"));
}

void DrawPad::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_last = toDrawing(event->position());
    stroke(*m_last, *m_last);
}

void DrawPad::mouseMoveEvent(QMouseEvent* event) {
    if (!m_last) return;
    const QPointF to = toDrawing(event->position());
    stroke(*m_last, to);
    m_last = to;
}

void DrawPad::mouseReleaseEvent(QMouseEvent*) {
    m_last.reset();
}

} // namespace strata::ui
