// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/explain.h"

#include <QWidget>

#include <functional>

namespace strata::ui {

/// What a "why this shape?" says: the windows on the input, the formulas, what it costs. Wide: the drawing beside the words;
/// tall: a smaller drawing above them, for a place beside a column of cards.
class WhyContent : public QWidget {
    Q_OBJECT
public:
    enum class Shape { Wide, Tall };

    /// `batchSize`: images, for the memory of a batch. `mend` is called by the button that keeps the rows and columns that
    /// are lost.
    WhyContent(const Explanation& why, const NodeReport& report, std::int64_t batchSize, Shape shape, std::function<void()> mend);

    /// Without what frames it.
    int wantedWidth() const { return m_wantedWidth; }
    int leastWidth() const { return m_leastWidth; }
    int heightAt(int width) const;
    /// Words wrap: what they would need in fewer lines is not asked for, or a scroll bar would come without a need.
    QSize minimumSizeHint() const override { return {0, 0}; }

private:
    int m_wantedWidth, m_leastWidth;
};

} // namespace strata::ui
