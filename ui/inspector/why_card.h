// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/explain.h"
#include "ui/document/graph_document.h"
#include "ui/inspector/popover_spot.h"

#include <QFrame>
#include <QTimer>

#include <functional>
#include <span>

class QLabel;
class QPainterPath;
class QScrollArea;
class QToolButton;

namespace strata::ui {

class WhyContent;

/// "Why 6 × 6 × 32?": opens beside a card whose badge was clicked, so that the card and its neighbours stay in sight. The formula with the block's own numbers,
/// the windows on the input, where the parameters come from, what it costs. It follows every edit and goes along with its
/// card, as long as that is in sight; it closes with Escape or a click elsewhere, unless it is pinned.
class WhyCard : public QFrame {
    Q_OBJECT
public:
    /// Where a card is in the host; and with the cards before and after it.
    struct Place {
        QRect card, neighbours;
    };

    /// `host`: the widget over which it opens, and within which it stays unless that has no room for it. `placeOf` is asked
    /// whenever something may have moved.
    WhyCard(GraphDocument& document, QWidget* host, std::function<Place(NodeId)> placeOf);

    void open(NodeId node);
    /// Cards or the view have moved; may be called often.
    void follow();
    NodeId node() const { return m_node; }
    bool isPinned() const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    enum class Spot { Find, KeepUnseen }; ///< where the card that it is about is out of sight, it need not move
    void refresh(Spot where);
    void goAlong();
    bool cardInSight() const;
    void preview(const Repair* repair);
    int headHeight() const;
    PopoverSpot findSpot(std::span<const WhyContent* const> contents) const;
    void place(const PopoverSpot& spot);
    QPainterPath outline() const;

    GraphDocument& m_document;
    QWidget* m_host;
    NodeId m_node = 0;
    std::function<Place(NodeId)> m_placeOf;
    Place m_place;
    PopoverSpot m_spot;
    std::optional<Repair> m_mend;
    QTimer m_follow; ///< one step for all that moves at once
    bool m_previews = false;
    QLabel* m_title;
    QToolButton* m_pin;
    QScrollArea* m_area;
};

} // namespace strata::ui
