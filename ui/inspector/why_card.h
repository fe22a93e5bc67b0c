// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/explain.h"
#include "ui/document/graph_document.h"
#include "ui/inspector/popover_spot.h"

#include <QFrame>

class QLabel;
class QPainterPath;
class QScrollArea;
class QToolButton;

namespace strata::ui {

class WhyContent;

/// "Why 6 × 6 × 32?": opens beside a card whose badge was clicked, so that the card and its neighbours stay in sight. The formula with the block's own numbers,
/// the windows on the input, where the parameters come from, what it costs. It follows every edit, and closes with
/// Escape or a click elsewhere, unless it is pinned.
class WhyCard : public QFrame {
    Q_OBJECT
public:
    /// `host`: the widget over which it opens, and within which it stays unless that has no room for it.
    WhyCard(GraphDocument& document, QWidget* host);

    /// Opens for a node; `card`: its rectangle in the host, `neighbours`: with the cards before and after it.
    void open(NodeId node, const QRect& card, const QRect& neighbours);
    NodeId node() const { return m_node; }
    bool isPinned() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    int headHeight() const;
    PopoverSpot findSpot(const WhyContent& wide, const WhyContent& tall) const;
    void place(const PopoverSpot& spot);
    QPainterPath outline() const;

    GraphDocument& m_document;
    QWidget* m_host;
    NodeId m_node = 0;
    QRect m_card, m_neighbours; ///< in the host
    PopoverSpot::Side m_side = PopoverSpot::Side::Right;
    QLabel* m_title;
    QToolButton* m_pin;
    QScrollArea* m_area;
};

} // namespace strata::ui
