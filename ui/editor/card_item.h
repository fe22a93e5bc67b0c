// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/card_face.h"
#include "ui/look/metrics.h"
#include "ui/look/theme.h"

#include <QGraphicsItem>
#include <QPainterPath>
#include <QPixmap>
#include <QStaticText>

namespace strata::ui {

/// What a card looks like apart from its own words: handed to all items by the scene.
struct CanvasLook {
    Theme theme = Theme::light();
    Metrics metrics = Metrics::regular();
    bool leftToRight = false;
    bool allChips = false; ///< of training, also where nobody looks
};

/// A place where wires end. Relative to the card's origin, the centre of its top edge.
struct Port {
    int slot = 0;         ///< of an input; -1: the output
    QPointF place;
    bool connected = false;
    bool spare = false;   ///< shown only while a wire is in the hand
    int seat = 0;         ///< where along the edge: 0 the middle, then the sides
};

/// A card on the canvas. Holds an id and prepared words and paths; knows no document and takes no events.
class CardItem : public QGraphicsItem {
public:
    enum { Type = UserType + 1 };
    /// What the wire in the hand makes of this card.
    enum class LinkRole { None, Fits, Target, Dimmed, Refused };

    CardItem(NodeId id, const CanvasLook& look);

    int type() const override { return Type; }
    NodeId id() const { return m_id; }
    const CardFace& face() const { return m_face; }

    void setFace(const CardFace& face);
    void setPorts(std::vector<Port> ports);
    const std::vector<Port>& ports() const { return m_ports; }
    void setHovered(bool hovered);
    void setLinkRole(LinkRole role, int targetSlot = -2);
    /// The wire in the hand starts here: its port is filled.
    void setLinkStart(int slot);
    LinkRole linkRole() const { return m_role; }
    /// After a change of theme or density.
    void lookChanged();
    /// To be called before it is painted: its words are laid out when it comes into sight, since most cards of a large
    /// drawing are out of it when an edit changes all their shapes.
    void makeReady();
    bool isReady() const { return m_wordsReady; }

    QRectF cardRect() const; ///< with the panel of a mistake
    double panelHeight() const { return m_panelHeight; }
    /// Which repair button is under a point of the item; -1: none.
    int repairAt(QPointF point) const;
    QRectF repairRect(int index) const;
    /// Is the point on the shape or on the count? Both can be asked why.
    bool onBadge(QPointF point) const;
    void setHotRepair(int index);
    /// The port within reach of a point of the item; null when there is none.
    const Port* portAt(QPointF point, double reach) const;

    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    /// What the geometry depends on.
    void prepare();
    void prepareWords();
    void preparePanel();
    void paintFar(QPainter& painter, double zoom) const;
    void paintFarWords(QPainter& painter, double zoom) const;
    int lettersIn(double room) const;
    void paintBody(QPainter& painter) const;
    void paintGround(QPainter& painter) const;
    void paintOutlines(QPainter& painter) const;
    void paintIcons(QPainter& painter) const;
    void paintWords(QPainter& painter) const;
    void paintPanel(QPainter& painter) const;
    QRectF heatBar(double height) const;
    void paintChip(QPainter& painter) const;
    void paintPorts(QPainter& painter, double zoom) const;
    bool dimmed() const;

    struct Words {
        QStaticText text;
        QPointF place;
        QFont font;
    };
    struct Button {
        QRectF rect;
        Words label;
    };

    NodeId m_id;
    const CanvasLook& m_look;
    CardFace m_face;
    std::vector<Port> m_ports;
    bool m_hovered = false, m_wordsReady = false;
    LinkRole m_role = LinkRole::None;
    int m_targetSlot = -2, m_startSlot = -2, m_hotRepair = -1;

    double m_panelHeight = 0;
    QRectF m_preparedFor; ///< the card's rectangle for which the paths below are made
    QPainterPath m_outline, m_stripe, m_panelPath;
    Words m_title, m_name, m_line, m_shape, m_count, m_sentence, m_chip, m_farTitle, m_farDots, m_farShape;
    std::vector<double> m_farLetters; ///< where each letter of the far title ends
    QRectF m_iconTile, m_badge, m_chipRect;
    std::vector<Button> m_buttons;
};

} // namespace strata::ui
