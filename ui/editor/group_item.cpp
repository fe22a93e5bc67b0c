// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/group_item.h"

#include "ui/look/icons.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr double kAround = 16, kLaneRoom = 34, kTitle = 30, kButton = 18;
constexpr double kMiddle = 12.5; ///< of the title: clear of the chip over the first card

} // namespace

GroupItem::GroupItem(GroupId id, const CanvasLook& look) : m_id(id), m_look(look) {
    setZValue(-20);
    takeFonts();
}

void GroupItem::takeFonts() {
    m_bold = m_look.theme.font(TextRole::Body, QFont::DemiBold);
    m_small = m_look.theme.font(TextRole::Small);
}

void GroupItem::setWords(const QString& title, const QString& detail, bool block) {
    if (title == m_title.text() && detail == m_detail.text() && block == m_block) return;
    m_block = block;
    const auto prepared = [](QStaticText& text, const QString& words, const QFont& font) {
        text.setTextFormat(Qt::PlainText);
        text.setText(words);
        text.prepare(QTransform(), font);
    };
    prepared(m_title, title, m_bold);
    prepared(m_detail, detail, m_small);
    m_titleWidth = QFontMetricsF(m_bold).horizontalAdvance(title);
    update();
}

void GroupItem::setExit(const QString& words) {
    if (words == m_exit.text()) return;
    m_exit.setTextFormat(Qt::PlainText);
    m_exit.setText(words);
    m_exit.prepare(QTransform(), m_small);
    update();
}

void GroupItem::setCards(const QRectF& cards) {
    // Skips run in a lane left of the cards: they belong to the group.
    const QRectF frame = cards.adjusted(-kLaneRoom, -kTitle - 6, kAround, kAround);
    if (frame == m_frame) return;
    prepareGeometryChange();
    m_frame = frame;
}

void GroupItem::setHovered(bool hovered) {
    if (m_hovered == hovered) return;
    m_hovered = hovered;
    update();
}

void GroupItem::lookChanged() {
    const QString title = m_title.text(), detail = m_detail.text(), exit = m_exit.text();
    takeFonts();
    m_title.setText({});
    m_exit.setText({});
    setWords(title, detail, m_block);
    setExit(exit);
    update();
}

QRectF GroupItem::titleBar() const {
    return {m_frame.left(), m_frame.top(), m_frame.width(), kTitle};
}

QRectF GroupItem::foldButton() const {
    if (!m_block) return {};
    return {m_frame.left() + 8, m_frame.top() + kMiddle - kButton / 2, kButton, kButton};
}

void GroupItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    const Theme& theme = m_look.theme;
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    painter->setRenderHint(QPainter::Antialiasing);
    QPen pen(m_hovered ? theme.line.lineStrong : theme.line.cardBorder, 1);
    pen.setCosmetic(true);
    QColor ground = theme.surface.panel;
    ground.setAlpha(150);
    painter->setPen(pen);
    painter->setBrush(ground);
    painter->drawRoundedRect(m_frame, m_look.metrics.radius.card, m_look.metrics.radius.card);
    if (zoom < m_look.metrics.levelOfDetail.belowZoom / 2) return;
    double left = m_frame.left() + 12;
    if (m_block) {
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(foldButton(), iconPixmap(QStringLiteral("chevron-down"), 18, theme.text.secondary, ratio),
                            QRectF(0, 0, 18 * ratio, 18 * ratio));
        left = foldButton().right() + 4;
    }
    const double top = m_frame.top() + kMiddle - m_title.size().height() / 2;
    painter->setPen(theme.text.primary);
    painter->setFont(m_bold);
    painter->drawStaticText(QPointF(left, top), m_title);
    // At the right end: the wire of the main path comes in through the middle.
    const double detail = m_frame.right() - 12 - m_detail.size().width();
    painter->setPen(theme.text.secondary);
    painter->setFont(m_small);
    if (!m_exit.text().isEmpty()) painter->drawStaticText(QPointF(m_frame.right() - 12 - m_exit.size().width(), m_frame.bottom() - 1 - m_exit.size().height()), m_exit);
    if (detail < left + m_titleWidth + 8) return;
    painter->drawStaticText(QPointF(detail, m_frame.top() + kMiddle - m_detail.size().height() / 2), m_detail);
}

} // namespace strata::ui
