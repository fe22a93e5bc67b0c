// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/strip_item.h"

#include "ui/look/icons.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

namespace strata::ui {
namespace {

constexpr double kFarAway = 0.25;

} // namespace

StripItem::StripItem(NodeId id, const CanvasLook& look) : m_id(id), m_look(look) {
    setZValue(-2);
}

void StripItem::setStrip(const Strip& strip) {
    prepareGeometryChange();
    m_strip = strip;
    setToolTip(strip.hint);
    prepare();
    update();
}

void StripItem::lookChanged() {
    prepareGeometryChange();
    prepare();
    update();
}

void StripItem::prepare() {
    const QSizeF size = m_strip.image.deviceIndependentSize();
    m_image = {0, -size.height() / 2, size.width(), size.height()};
    const auto prepared = [this](QStaticText& text, const QString& words, TextRole role, QFont::Weight weight) {
        const QFont font = m_look.theme.font(role, weight);
        text.setTextFormat(Qt::PlainText);
        text.setText(words);
        text.prepare(QTransform(), font);
        return QFontMetricsF(font).horizontalAdvance(words);
    };
    const double more = prepared(m_moreText, m_strip.more, TextRole::Small, QFont::Normal);
    m_more = m_strip.more.isEmpty() ? QRectF() : QRectF(m_image.right() + 6, -10, more + 8, 20);
    const double title = prepared(m_title, m_strip.title, TextRole::Small, QFont::Medium);
    const double detail = prepared(m_detail, m_strip.detail, TextRole::Small, QFont::Normal);
    m_words = m_strip.title.isEmpty() && m_strip.detail.isEmpty()
                  ? QRectF()
                  : QRectF(m_image.right() + 12, -18, std::max(title, detail) + 24, 36);
}

QRectF StripItem::boundingRect() const {
    return m_image.united(m_more).united(m_words);
}

void StripItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    if (zoom < kFarAway) return;
    const Theme& theme = m_look.theme;
    painter->setRenderHint(QPainter::SmoothPixmapTransform, m_strip.smooth);
    painter->drawImage(m_image, m_strip.image);
    if (zoom < m_look.metrics.levelOfDetail.belowZoom) return;
    painter->setPen(theme.text.secondary);
    painter->setFont(theme.font(TextRole::Small));
    if (!m_more.isEmpty()) painter->drawStaticText(m_more.topLeft() + QPointF(2, 2), m_moreText);
    if (m_words.isEmpty()) return;
    const double indent = m_strip.pinned ? 18 : 0;
    painter->drawStaticText(m_words.topLeft() + QPointF(0, m_strip.title.isEmpty() ? 10 : 18), m_detail);
    painter->setPen(theme.text.primary);
    painter->setFont(theme.font(TextRole::Small, QFont::Medium));
    painter->drawStaticText(m_words.topLeft() + QPointF(indent, m_strip.detail.isEmpty() ? 10 : 1), m_title);
    if (m_strip.pinned) {
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(QRectF(m_words.topLeft() + QPointF(0, 2), QSizeF(14, 14)),
                            iconPixmap(QStringLiteral("pin"), 14, theme.accent.base, ratio),
                            QRectF(0, 0, 14 * ratio, 14 * ratio));
    }
}

} // namespace strata::ui
