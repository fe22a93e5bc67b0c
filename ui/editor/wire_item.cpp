// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/wire_item.h"

#include "ui/editor/wire_route.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPathStroker>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr double kBelowCards = -10, kSelectedWire = -5, kInHand = 20, kOverAll = 21, kBend = 3.5;
constexpr double kCargoPad = 7, kShortWire = 60;

} // namespace

WireItem::WireItem(const Edge& edge, const CanvasLook& look) : m_edge(edge), m_look(look) {
    setFlag(ItemIsSelectable);
    setZValue(kBelowCards);
}

void WireItem::setPath(const QPainterPath& path) {
    if (path == m_path) return;
    prepareGeometryChange();
    m_path = path;
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

QRectF WireItem::boundingRect() const {
    return m_path.boundingRect().adjusted(-6, -6, 6, 6);
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
}

CargoItem::CargoItem(const CanvasLook& look) : m_look(look) {
    setZValue(kOverAll);
    setAcceptedMouseButtons(Qt::NoButton);
    hide();
}

void CargoItem::setText(const QString& text, QPointF place, bool centred) {
    prepareGeometryChange();
    m_font = m_look.theme.font(TextRole::Small);
    m_text.setTextFormat(Qt::PlainText);
    m_text.setText(text);
    m_text.prepare(QTransform(), m_font);
    const QFontMetricsF metrics(m_font);
    const QSizeF size(std::ceil(metrics.horizontalAdvance(text)) + 2 * kCargoPad, std::max(20.0, std::ceil(metrics.height()) + 4));
    m_rect = {place.x() - (centred ? size.width() / 2 : 0), place.y() - size.height() / 2, size.width(), size.height()};
    m_rect.moveTo(std::round(m_rect.left()), std::round(m_rect.top()));
    setVisible(!text.isEmpty());
    update();
}

/// A short wire stays in sight, and the ports at its ends with it.
void CargoItem::showOn(const WireItem& wire) {
    const QPointF middle = wire.path().isEmpty() ? QPointF() : wire.path().pointAtPercent(0.5);
    const bool small = wire.path().length() < kShortWire;
    if (!small) setText(wire.cargo(), middle, true);
    else if (m_look.leftToRight) setText(wire.cargo(), middle - QPointF(0, 24), true);
    else setText(wire.cargo(), middle + QPointF(14, 0), false);
}

void CargoItem::showAt(const QString& text, QPointF port) {
    setText(text, port + (m_look.leftToRight ? QPointF(-14, -24) : QPointF(16, -19)), m_look.leftToRight);
}

void CargoItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    if (zoom < m_look.metrics.levelOfDetail.belowZoom) return;
    const Theme& theme = m_look.theme;
    painter->setRenderHint(QPainter::Antialiasing);
    QPen pen(theme.accent.base, 1);
    pen.setCosmetic(true);
    painter->setPen(pen);
    painter->setBrush(theme.surface.card);
    painter->drawRoundedRect(m_rect, m_look.metrics.radius.badge, m_look.metrics.radius.badge);
    painter->setPen(theme.text.primary);
    painter->setFont(m_font);
    painter->drawStaticText(m_rect.topLeft() + QPointF(kCargoPad, (m_rect.height() - m_text.size().height()) / 2), m_text);
}

LooseWireItem::LooseWireItem(const CanvasLook& look) : m_look(look) {
    setZValue(kInHand);
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
