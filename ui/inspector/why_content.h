// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/explain.h"

#include <QWidget>

namespace strata::ui {

/// What a "why this shape?" says: the windows on the input, the formulas, what it costs. Wide: the drawing beside the words;
/// tall: a smaller drawing above them, for a place beside a column of cards.
class WhyContent : public QWidget {
    Q_OBJECT
public:
    enum class Shape { Wide, Tall };

    /// `batchSize`: images, for the memory of a batch.
    WhyContent(const Explanation& why, const NodeReport& report, std::int64_t batchSize, Shape shape);

    /// Without what frames it.
    int wantedWidth() const { return m_wantedWidth; }
    int leastWidth() const { return m_leastWidth; }
    int heightAt(int width) const;
    /// Words wrap: what they would need in fewer lines is not asked for, or a scroll bar would come without a need.
    QSize minimumSizeHint() const override { return {0, 0}; }

Q_SIGNALS:
    /// The button that keeps the rows and columns that are lost. / Pointer or focus came to it, or left it.
    void mendClicked();
    void mendPointedAt(bool on);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    int m_wantedWidth, m_leastWidth;
};

} // namespace strata::ui
