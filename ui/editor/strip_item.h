// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/card_item.h"

#include <QImage>

#include <functional>

namespace strata::ui {

/// What stands right of a card, as far as the next card leaves room: one image that its producer has made (tiles and gaps and all), and words beside it.
struct Strip {
    QImage image;     ///< with its device pixel ratio set
    int tiles = 0;    ///< so many stand side by side in the image; 0: it is one picture
    int all = 0;      ///< maps that there are: what is not shown is a "+4" that opens them
    QString title;    ///< beside the image, 500: "Pinned: test image 340"
    QString detail;   ///< below the title, secondary
    QString hint;     ///< its tool tip
    bool smooth = false; ///< the image has words in it: scaled smoothly
    bool pinned = false; ///< a pin before the title
    /// The image in another theme's colours, where it has any: a picture on paper is light whatever the window is.
    std::function<QImage(const Theme&)> repaint{};
};

class StripItem : public QGraphicsItem {
public:
    enum { Type = UserType + 3 };
    static constexpr double kBoundless = 1e9;

    explicit StripItem(NodeId id, const CanvasLook& look);
    int type() const override { return Type; }
    NodeId id() const { return m_id; }
    void setStrip(const Strip& strip);
    const Strip& strip() const { return m_strip; }
    void lookChanged();
    /// The room from the card's edge to whatever stands there next, in the item's own lengths: tiles that do not fit are
    /// left out, other pictures are drawn smaller or, where that would say nothing, not at all.
    void setRoom(double room);
    /// The tiles that are drawn.
    int shownTiles() const { return m_shownTiles; }
    QString more() const { return m_moreText.text(); }
    /// Whether a point of the item is on the "+4".
    bool onMore(QPointF point) const { return m_more.contains(point); }

    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void prepare();
    void fitTiles(double room);

    NodeId m_id;
    const CanvasLook& m_look;
    Strip m_strip;
    double m_room = kBoundless;
    int m_shownTiles = 0;
    QRectF m_source;                 ///< of the image, in its pixels
    QRectF m_image, m_more, m_words; ///< origin: the left end, at the middle of the card
    QStaticText m_moreText, m_title, m_detail;
    QFont m_small, m_medium;
};

} // namespace strata::ui
