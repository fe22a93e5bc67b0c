// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/card_item.h"

#include <QImage>

#include <functional>

namespace strata::ui {

/// What stands right of a card: one image that its producer has made (tiles and gaps and all), and words beside it.
struct Strip {
    QImage image;     ///< with its device pixel ratio set
    QString more;     ///< "+4": opens the maps
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

    explicit StripItem(NodeId id, const CanvasLook& look);
    int type() const override { return Type; }
    NodeId id() const { return m_id; }
    void setStrip(const Strip& strip);
    const Strip& strip() const { return m_strip; }
    void lookChanged();
    /// Whether a point of the item is on the "+4".
    bool onMore(QPointF point) const { return m_more.contains(point); }

    QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    void prepare();

    NodeId m_id;
    const CanvasLook& m_look;
    Strip m_strip;
    QRectF m_image, m_more, m_words; ///< origin: the left end, at the middle of the card
    QStaticText m_moreText, m_title, m_detail;
};

} // namespace strata::ui
