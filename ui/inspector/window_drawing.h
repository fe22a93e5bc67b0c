// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/explain.h"

#include <QWidget>

namespace strata::ui {

/// The input as cells, with the padding around it, the first, second and last window on it, a dot for each place of
/// the window, and what no window ever sees hatched. A large input is shown by its beginning and its end.
class WindowDrawing : public QWidget {
    Q_OBJECT
public:
    /// `room`: the most that either side of the picture takes.
    explicit WindowDrawing(std::vector<AxisPicture> axes, double room = 308, QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent*) override;

private:
    /// One axis on the screen: cells that are shown, a gap where the middle is left out.
    struct Scale {
        AxisPicture axis;
        std::int64_t cells = 0; ///< with the padding
        std::int64_t head = 0, tail = 0; ///< shown at the beginning and at the end; head == cells: all
        double cell = 0;
        /// The left edge of a cell (0: the first of the padding); of one in the part that is left out a place in the gap.
        double at(std::int64_t index) const;
        double length() const;
        bool shown(std::int64_t index) const { return index < head || index >= cells - tail; }
        /// Those of begin, begin + step ... (`count` of them) that are shown.
        std::vector<std::int64_t> shownOf(std::int64_t begin, std::int64_t step, std::int64_t count) const;
    };
    static Scale scaleOf(const AxisPicture& axis, double room);
    QRectF cellsRect(std::int64_t row, std::int64_t column, std::int64_t rows, std::int64_t columns) const;
    void paintGround(QPainter& painter) const;
    void paintLost(QPainter& painter) const;
    void paintWindows(QPainter& painter) const;
    void paintRuler(QPainter& painter) const;

    Scale m_rows, m_columns;
};

} // namespace strata::ui
