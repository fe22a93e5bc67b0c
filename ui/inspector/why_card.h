// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/explain.h"
#include "ui/document/graph_document.h"

#include <QFrame>

class QLabel;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace strata::ui {

/// "Why 6 × 6 × 32?": opens over the canvas below a card whose badge was clicked. The formula with the block's own numbers,
/// the windows on the input, where the parameters come from, what it costs. It follows every edit, and closes with
/// Escape or a click elsewhere, unless it is pinned.
class WhyCard : public QFrame {
    Q_OBJECT
public:
    /// `host`: the widget over which it opens, and within which it stays unless that is small.
    WhyCard(GraphDocument& document, QWidget* host);

    /// Opens for a node; `card`: its rectangle in the host.
    void open(NodeId node, const QRect& card);
    NodeId node() const { return m_node; }
    bool isPinned() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    void fill(const Explanation& why, const NodeReport& report);
    QWidget* drawingColumn(const Explanation& why) const;
    QWidget* wordsColumn(const Explanation& why, const NodeReport& report);
    void addFormula(QVBoxLayout* column, const Formula& formula) const;
    void place();
    bool stacked() const;
    /// Where it may lie, in the window.
    QRect room() const;

    GraphDocument& m_document;
    QWidget* m_host;
    NodeId m_node = 0;
    QRect m_card;
    QLabel* m_title;
    QToolButton* m_pin;
    QScrollArea* m_area;
};

} // namespace strata::ui
