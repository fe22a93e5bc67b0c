// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/wire_item.h"

#include "ui/editor/wire_route.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPathStroker>
#include <QStyleOptionGraphicsItem>

#include <cmath>

namespace strata::ui {
namespace {

constexpr double kBelowCards = -10, kSelectedWire = -5, kBend = 3.5;

} // namespace

WireItem::WireItem(const Edge& edge, const CanvasLook& look) : m_edge(edge), m_look(look) {
    setFlag(ItemIsSelectable);
    setZValue(kBelowCards);
}

void WireItem::setPath(const QPainterPath& path) {
    if (path == m_path) return;
    prepareGeometryChange();
    m_path = path;
    setCargo(m_cargo.text());
}

void WireItem::setBends(const std::vector<QPointF>& bends) {
    if (bends == m_bends) return;
    m_bends = bends;
    update();
}

int WireItem::bendAt(QPointF place, double reach) const {
    for (std::size_t i = 0; i < m_bends.size(); ++i) {
        const QPointF d = m_bends[i] - place;
        if (std::hypot(d.x(), d.y()) <= reach) return static_cast<int>(i);
    }
    return -1;
}

void WireItem::setHovered(bool hovered) {
    if (m_hovered == hovered) return;
    m_hovered = hovered;
    refreshOrder();
}

void WireItem::setCardSelected(bool selected) {
    if (m_cardSelected == selected) return;
    m_cardSelected = selected;
    refreshOrder();
}

void WireItem::setDropTarget(bool target) {
    if (m_dropTarget == target) return;
    m_dropTarget = target;
    refreshOrder();
}

void WireItem::setCut(bool cut) {
    m_cut = cut;
    update();
}

void WireItem::setInHand(bool inHand) {
    setVisible(!inHand);
}

void WireItem::refreshOrder() {
    setZValue(strong() || m_cardSelected ? kSelectedWire : kBelowCards);
    update();
}

QVariant WireItem::itemChange(GraphicsItemChange change, const QVariant& value) {
    if (change == ItemSelectedHasChanged) refreshOrder();
    return QGraphicsItem::itemChange(change, value);
}

void WireItem::setCargo(const QString& text) {
    prepareGeometryChange();
    const QFont font = m_look.theme.font(TextRole::Small);
    m_cargo.setTextFormat(Qt::PlainText);
    m_cargo.setText(text);
    m_cargo.prepare(QTransform(), font);
    const QSizeF size(QFontMetricsF(font).horizontalAdvance(text) + 14, 20);
    m_cargoRect = text.isEmpty() || m_path.isEmpty()
                      ? QRectF()
                      : QRectF(m_path.pointAtPercent(0.5) - QPointF(size.width() / 2, size.height() / 2), size);
    update();
}

QRectF WireItem::boundingRect() const {
    return m_path.boundingRect().adjusted(-6, -6, 6, 6).united(m_cargoRect.adjusted(-1, -1, 1, 1));
}

QPainterPath WireItem::shape() const {
    QPainterPathStroker stroker;
    stroker.setWidth(12);
    return stroker.createStroke(m_path);
}

void WireItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    const Theme& theme = m_look.theme;
    const auto& line = m_look.metrics.line;
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    QPen pen(strong() || m_cardSelected ? theme.wire.wireHover : theme.wire.wire, strong() ? line.wireHover : line.wire);
    if (zoom < m_look.metrics.levelOfDetail.belowZoom) pen.setCosmetic(true);
    pen.setCapStyle(Qt::RoundCap);
    if (m_cut) {
        pen.setColor(theme.wire.wireBad);
        pen.setDashPattern({3, 2});
    }
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setBrush(Qt::NoBrush);
    painter->setPen(pen);
    painter->drawPath(m_path);
    if (zoom >= m_look.metrics.levelOfDetail.belowZoom) {
        painter->setPen(QPen(pen.color(), line.wire));
        painter->setBrush(theme.wire.port);
        for (const QPointF& bend : m_bends) painter->drawEllipse(bend, kBend, kBend);
        painter->setBrush(Qt::NoBrush);
    }
    if (!m_hovered || m_cargoRect.isEmpty() || zoom < m_look.metrics.levelOfDetail.belowZoom) return;
    painter->setPen(QPen(theme.accent.base, 1));
    painter->setBrush(theme.surface.card);
    painter->drawRoundedRect(m_cargoRect, m_look.metrics.radius.badge, m_look.metrics.radius.badge);
    painter->setPen(theme.text.primary);
    painter->setFont(theme.font(TextRole::Small));
    painter->drawStaticText(m_cargoRect.topLeft() + QPointF(7, (m_cargoRect.height() - m_cargo.size().height()) / 2), m_cargo);
}

LooseWireItem::LooseWireItem(const CanvasLook& look) : m_look(look) {
    setZValue(20);
}

void LooseWireItem::setEnds(QPointF from, QPointF to) {
    prepareGeometryChange();
    m_path = looseWire(from, to, m_look.leftToRight);
}

void LooseWireItem::setRefused(bool refused) {
    m_refused = refused;
    update();
}

void LooseWireItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    const Theme& theme = m_look.theme;
    QPen pen(m_refused ? theme.wire.wireBad : theme.wire.wireOk, m_look.metrics.line.wire);
    if (m_refused) pen.setDashPattern({3, 2});
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(pen);
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(m_path);
}

} // namespace strata::ui
