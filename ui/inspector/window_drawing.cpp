// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/window_drawing.h"

#include "ui/look/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr double kGap = 18, kLeastCell = 7, kMostCell = 26, kRuler = 26;

} // namespace

double WindowDrawing::Scale::at(std::int64_t index) const {
    if (index <= head) return static_cast<double>(index) * cell;
    const std::int64_t resumes = cells - tail;
    if (index < resumes) return static_cast<double>(head) * cell + kGap * static_cast<double>(index - head) / static_cast<double>(resumes - head);
    return static_cast<double>(head + index - resumes) * cell + (head == cells ? 0 : kGap);
}

std::vector<std::int64_t> WindowDrawing::Scale::shownOf(std::int64_t begin, std::int64_t step, std::int64_t count) const {
    std::vector<std::int64_t> out;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t index = begin + i * step;
        if (index >= cells) break;
        if (shown(index)) out.push_back(index);
        else i = std::max(i, (cells - tail - begin - 1) / step); // the last one in the gap
    }
    return out;
}

double WindowDrawing::Scale::length() const {
    return at(cells);
}

WindowDrawing::Scale WindowDrawing::scaleOf(const AxisPicture& axis, double room) {
    Scale s;
    s.axis = axis;
    s.cells = axis.before + axis.input + axis.after;
    s.head = s.cells;
    s.cell = std::clamp(std::floor(room / static_cast<double>(s.cells)), kLeastCell, kMostCell);
    if (s.cell * static_cast<double>(s.cells) <= room + 1) return s;
    const auto fits = static_cast<std::int64_t>((room - kGap) / s.cell);
    s.tail = std::min(fits / 2, std::max<std::int64_t>(axis.reach() + 1, fits / 3));
    s.head = fits - s.tail;
    return s;
}

WindowDrawing::WindowDrawing(std::vector<AxisPicture> axes, double room, QWidget* parent) : QWidget(parent) {
    if (axes.size() == 1) axes.insert(axes.begin(), AxisPicture{.name = "", .input = 1, .places = 1});
    m_rows = scaleOf(axes.at(0), room);
    m_columns = scaleOf(axes.at(1), room);
    // Cells are square.
    const double cell = std::min(m_rows.cell, m_columns.cell);
    if (axes.at(0).name.empty()) m_rows.cell = m_columns.cell;
    else m_rows.cell = m_columns.cell = cell;
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(tr("%1 × %2 windows of %3 × %4 on an input of %5 × %6")
                          .arg(m_rows.axis.places).arg(m_columns.axis.places).arg(m_rows.axis.window).arg(m_columns.axis.window)
                          .arg(m_rows.axis.input).arg(m_columns.axis.input));
}

QSize WindowDrawing::sizeHint() const {
    return {static_cast<int>(std::ceil(m_columns.length())) + 2, static_cast<int>(std::ceil(m_rows.length() + kRuler)) + 2};
}

QRectF WindowDrawing::cellsRect(std::int64_t row, std::int64_t column, std::int64_t rows, std::int64_t columns) const {
    const double x = m_columns.at(column), y = m_rows.at(row);
    return {x + 1, y + 1, m_columns.at(column + columns) - x, m_rows.at(row + rows) - y};
}

void WindowDrawing::paintGround(QPainter& painter) const {
    const Theme& theme = currentTheme();
    const std::vector<std::int64_t> columns = m_columns.shownOf(0, 1, m_columns.cells);
    for (const std::int64_t r : m_rows.shownOf(0, 1, m_rows.cells)) {
        for (const std::int64_t c : columns) {
            const bool inside = r >= m_rows.axis.before && r < m_rows.axis.before + m_rows.axis.input &&
                                c >= m_columns.axis.before && c < m_columns.axis.before + m_columns.axis.input;
            painter.setPen(QPen(theme.line.line, 1, inside ? Qt::SolidLine : Qt::DotLine));
            painter.setBrush(inside ? theme.surface.field : theme.surface.badge);
            painter.drawRect(QRectF(m_columns.at(c) + 1, m_rows.at(r) + 1, m_columns.cell, m_rows.cell));
        }
    }
}

void WindowDrawing::paintLost(QPainter& painter) const {
    QColor ink = currentTheme().status.warning;
    painter.setPen(Qt::NoPen);
    painter.setBrush(QBrush(ink, Qt::BDiagPattern));
    const std::int64_t rows = std::max<std::int64_t>(m_rows.axis.lost(), 0);
    const std::int64_t columns = std::max<std::int64_t>(m_columns.axis.lost(), 0);
    if (rows > 0) painter.drawRect(cellsRect(m_rows.cells - rows, 0, rows, m_columns.cells));
    if (columns > 0) painter.drawRect(cellsRect(0, m_columns.cells - columns, m_rows.cells - rows, columns));
}

void WindowDrawing::paintWindows(QPainter& painter) const {
    const Theme& theme = currentTheme();
    const auto& h = m_rows.axis;
    const auto& w = m_columns.axis;
    QColor fill = theme.accent.base;
    const auto window = [&](std::int64_t i, std::int64_t j, int alpha) {
        if (i >= h.places || j >= w.places) return;
        const QRectF rect = cellsRect(i * h.stride, j * w.stride, h.reach(), w.reach());
        fill.setAlpha(alpha);
        painter.setPen(Qt::NoPen);
        painter.setBrush(fill);
        const std::vector<std::int64_t> columns = m_columns.shownOf(j * w.stride, w.dilation, w.window);
        for (const std::int64_t row : m_rows.shownOf(i * h.stride, h.dilation, h.window)) {
            for (const std::int64_t column : columns) painter.drawRect(cellsRect(row, column, 1, 1));
        }
        painter.setPen(QPen(theme.accent.base, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(rect, 2, 2);
    };
    window(0, 0, 50);
    window(0, 1, 22);
    if (h.places > 1 || w.places > 2) window(h.places - 1, w.places - 1, 50);

    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.text.secondary);
    const double radius = std::min(2.5, m_columns.cell / 4);
    // A dot in the middle of every window: in a cell, or where its size is even between two.
    const auto middle = [](const AxisPicture& axis) { return (axis.reach() - 1) / 2; };
    const std::int64_t tall = h.reach() % 2 == 0 ? 2 : 1, wide = w.reach() % 2 == 0 ? 2 : 1;
    const std::vector<std::int64_t> columns = m_columns.shownOf(middle(w), w.stride, w.places);
    for (const std::int64_t row : m_rows.shownOf(middle(h), h.stride, h.places)) {
        for (const std::int64_t column : columns) painter.drawEllipse(cellsRect(row, column, tall, wide).center(), radius, radius);
    }
}

/// Below: where the windows begin and end along the width.
void WindowDrawing::paintRuler(QPainter& painter) const {
    const auto& w = m_columns.axis;
    painter.setPen(QPen(currentTheme().accent.base, 1.5));
    const double top = m_rows.length() + 8;
    for (std::int64_t j = 0; j < std::min<std::int64_t>(w.places, 200); ++j) {
        const std::int64_t begin = j * w.stride, end = begin + w.reach();
        if (!m_columns.shown(begin) || !m_columns.shown(end - 1)) continue;
        const double y = top + (j % 2 == 0 ? 0 : 8);
        const double left = m_columns.at(begin) + 2, right = m_columns.at(end);
        painter.drawLine(QPointF(left, y), QPointF(right, y));
        painter.drawLine(QPointF(left, y - 3), QPointF(left, y));
        painter.drawLine(QPointF(right, y - 3), QPointF(right, y));
    }
}

void WindowDrawing::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintGround(painter);
    painter.setRenderHint(QPainter::Antialiasing);
    paintLost(painter);
    paintWindows(painter);
    paintRuler(painter);
}

} // namespace strata::ui
