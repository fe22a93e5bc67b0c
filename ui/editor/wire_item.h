// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/card_item.h"

namespace strata::ui {

/// A wire between two cards; the scene gives it its path.
class WireItem : public QGraphicsItem {
public:
    enum { Type = UserType + 2 };

    WireItem(const Edge& edge, const CanvasLook& look);
    int type() const override { return Type; }
    const Edge& edge() const { return m_edge; }

    void setPath(const QPainterPath& path);
    const QPainterPath& path() const { return m_path; }
    /// The places that it is led through: drawn as dots to be taken.
    void setBends(const std::vector<QPointF>& bends);
    const std::vector<QPointF>& bends() const { return m_bends; }
    int bendAt(QPointF place, double reach) const;
    void setHovered(bool hovered);
    /// One of its cards is selected: it follows in the accent.
    void setCardSelected(bool selected);
    /// Its end is in the hand: painted by the gesture instead.
    void setInHand(bool inHand);
    /// A card is held over it and would be put into it.
    void setDropTarget(bool target);
    /// The knife has touched it.
    void setCut(bool cut);
    /// What it carries, for the badge of the wire under the pointer.
    void setCargo(const QString& text) { m_cargo = text; }
    const QString& cargo() const { return m_cargo; }
    void lookChanged() { update(); }

    QRectF boundingRect() const override;
    QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;

private:
    void refreshOrder();
    bool strong() const { return m_hovered || isSelected() || m_dropTarget; }

    Edge m_edge;
    const CanvasLook& m_look;
    QPainterPath m_path;
    std::vector<QPointF> m_bends;
    QString m_cargo;
    bool m_hovered = false, m_cardSelected = false, m_dropTarget = false, m_cut = false;
};

/// The badge with the shape that a wire carries, over cards and wires.
class CargoItem : public QGraphicsItem {
public:
    explicit CargoItem(const CanvasLook& look);
    /// Beside a wire, in the middle of its way.
    void showOn(const WireItem& wire);
    /// Above a port that a wire in the hand would end at; no text: nothing is shown.
    void showAt(const QString& text, QPointF port);
    QString text() const { return isVisible() ? m_text.text() : QString(); }
    QRectF boundingRect() const override { return m_rect.isNull() ? m_rect : m_rect.adjusted(-1, -1, 1, 1); }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    /// `place`: the left end, in the middle.
    void setText(const QString& text, QPointF place, bool centred);

    const CanvasLook& m_look;
    QStaticText m_text;
    QFont m_font;
    QRectF m_rect;
};

/// The wire in the hand.
class LooseWireItem : public QGraphicsItem {
public:
    explicit LooseWireItem(const CanvasLook& look);
    void setEnds(QPointF from, QPointF to);
    /// It fits where it is, or is refused there.
    void setRefused(bool refused);
    QRectF boundingRect() const override { return m_path.boundingRect().adjusted(-4, -4, 4, 4); }
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;

private:
    const CanvasLook& m_look;
    QPainterPath m_path;
    bool m_refused = false;
};

} // namespace strata::ui
