// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/strip_item.h"

#include "ui/look/icons.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

constexpr double kFarAway = 0.25, kMoreGap = 6;
constexpr double kBeforeNext = 12; ///< between a strip and the next card
constexpr double kBesideOne = 4;   ///< on each side of a tile that has a gap for itself
constexpr double kLeastCode = 60;

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

void StripItem::setRoom(double room) {
    if (room == m_room) return;
    prepareGeometryChange();
    m_room = room;
    prepare();
    update();
}

void StripItem::prepare() {
    m_small = m_look.theme.font(TextRole::Small);
    m_medium = m_look.theme.font(TextRole::Small, QFont::Medium);
    const auto prepared = [](QStaticText& text, const QString& words, const QFont& font) {
        text.setTextFormat(Qt::PlainText);
        text.setText(words);
        text.prepare(QTransform(), font);
        return QFontMetricsF(font).horizontalAdvance(words);
    };
    const QSizeF size = m_strip.image.deviceIndependentSize();
    const double room = m_room - m_look.metrics.card.stripOffset - kBeforeNext;
    m_image = {0, -size.height() / 2, size.width(), size.height()};
    m_source = m_strip.image.rect();
    m_shownTiles = m_strip.tiles;
    if (m_strip.tiles > 0) {
        fitTiles(room);
    } else if (size.width() > room) {
        // A bar code says as much where it is shorter; words and bars would become too small to be read.
        const bool legible = !m_strip.smooth && room >= kLeastCode;
        if (legible) m_image.setWidth(room);
        else m_image = {};
    }
    const QString more = m_strip.all > m_shownTiles ? QStringLiteral("+%1").arg(m_strip.all - m_shownTiles) : QString();
    const double moreWidth = prepared(m_moreText, more, m_small);
    const bool tellsMore = !more.isEmpty() && m_image.right() + kMoreGap + moreWidth <= room;
    m_more = tellsMore ? QRectF(m_image.right() + kMoreGap, -10, moreWidth + 8, 20) : QRectF();
    const double title = prepared(m_title, m_strip.title, m_medium);
    const double detail = prepared(m_detail, m_strip.detail, m_small);
    const double words = std::max(title, detail) + 24;
    const bool speaks = (title > 0 || detail > 0) && m_image.right() + 12 + words <= room;
    m_words = speaks ? QRectF(m_image.right() + 12, -18, words, 36) : QRectF();
}

/// As many tiles as fit, with the number of the others; at least one, also in the middle of a narrow gap between two cards.
void StripItem::fitTiles(double room) {
    // Tiles are square.
    const double whole = m_image.width(), tile = m_image.height();
    const double pitch = m_strip.tiles > 1 ? (whole - tile) / (m_strip.tiles - 1) : tile, gap = pitch - tile;
    if (whole <= room || pitch <= 0) return;
    const double forMore = kMoreGap + QFontMetricsF(m_small).horizontalAdvance(QStringLiteral("+%1").arg(m_strip.all));
    m_shownTiles = std::max(0, static_cast<int>((room - forMore + gap) / pitch));
    double left = 0;
    if (m_shownTiles == 0 && tile + 2 * kBesideOne <= m_room) {
        m_shownTiles = 1;
        left = std::min(0.0, std::round((m_room - tile) / 2) - m_look.metrics.card.stripOffset);
    }
    const double width = m_shownTiles * pitch - gap;
    m_image = m_shownTiles == 0 ? QRectF() : QRectF(left, m_image.top(), width, m_image.height());
    m_source.setWidth(width * m_strip.image.devicePixelRatio());
}

QRectF StripItem::boundingRect() const {
    return m_image.united(m_more).united(m_words);
}

void StripItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    if (zoom < kFarAway) return;
    const Theme& theme = m_look.theme;
    painter->setRenderHint(QPainter::SmoothPixmapTransform, m_strip.smooth);
    if (!m_image.isEmpty()) painter->drawImage(m_image, m_strip.image, m_source);
    if (zoom < m_look.metrics.levelOfDetail.belowZoom) return;
    painter->setPen(theme.text.secondary);
    painter->setFont(m_small);
    if (!m_more.isEmpty()) painter->drawStaticText(m_more.topLeft() + QPointF(2, 2), m_moreText);
    if (m_words.isEmpty()) return;
    const double indent = m_strip.pinned ? 18 : 0;
    painter->drawStaticText(m_words.topLeft() + QPointF(0, m_strip.title.isEmpty() ? 10 : 18), m_detail);
    painter->setPen(theme.text.primary);
    painter->setFont(m_medium);
    painter->drawStaticText(m_words.topLeft() + QPointF(indent, m_strip.detail.isEmpty() ? 10 : 1), m_title);
    if (m_strip.pinned) {
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(QRectF(m_words.topLeft() + QPointF(0, 2), QSizeF(14, 14)),
                            iconPixmap(QStringLiteral("pin"), 14, theme.accent.base, ratio),
                            QRectF(0, 0, 14 * ratio, 14 * ratio));
    }
}

} // namespace strata::ui
