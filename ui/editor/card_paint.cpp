// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/card_item.h"

#include "ui/editor/heat.h"
#include "ui/look/icons.h"

#include <QPainter>
#include <QStyleOptionGraphicsItem>

#include <algorithm>
#include <cassert>

namespace strata::ui {
namespace {

/// Seen from afar, in pixels of the screen.
constexpr double kLeastFar = 9, kFarLeft = 9, kFarRight = 5, kFarBetween = 6;
constexpr int kLeastLetters = 3; ///< fewer before the dots say nothing

QPen cosmetic(const QColor& color, double width = 1, Qt::PenStyle style = Qt::SolidLine) {
    QPen pen(color, width, style);
    pen.setCosmetic(true);
    return pen;
}

} // namespace

bool CardItem::dimmed() const {
    return m_face.state == CardFace::State::Blocked || m_role == LinkRole::Dimmed || m_role == LinkRole::Refused;
}

void CardItem::paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget*) {
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    Q_UNUSED(option);
    assert(m_wordsReady);
    painter->setRenderHint(QPainter::Antialiasing);
    if (zoom < m_look.metrics.levelOfDetail.belowZoom) {
        paintFar(*painter, zoom);
        return;
    }
    paintBody(*painter);
    if (m_panelHeight > 0) paintPanel(*painter);
    const bool news = m_face.chip == CardFace::Chip::Training; // ticks: only where somebody looks
    if (!m_chipRect.isEmpty() && (!news || m_look.allChips || m_hovered || isSelected())) paintChip(*painter);
    paintPorts(*painter, zoom);
}

void CardItem::paintBody(QPainter& painter) const {
    paintGround(painter);
    paintOutlines(painter);
    paintIcons(painter);
    paintWords(painter);
    if (m_face.heat <= 0) return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(heatColor(m_look.theme, m_face.heat));
    painter.drawRoundedRect(heatBar(3), 1.5, 1.5);
}

void CardItem::paintGround(QPainter& painter) const {
    const Theme& theme = m_look.theme;
    const Metrics& metrics = m_look.metrics;
    const bool grey = dimmed();
    const bool dashed = m_face.state == CardFace::State::Blocked || m_face.bypassed;
    QColor border = theme.line.cardBorder;
    if (m_role == LinkRole::Fits || m_role == LinkRole::Target) border = theme.accent.base;
    else if (m_hovered) border = theme.line.lineStrong;
    else if (dashed) border = theme.line.lineStrong;
    if (m_face.pile) {
        painter.setPen(cosmetic(theme.line.cardBorder));
        painter.setBrush(theme.surface.card);
        for (const int behind : {2, 1}) {
            const double out = behind * metrics.card.pileOffset;
            painter.drawRoundedRect(cardRect().translated(out, out), metrics.radius.card, metrics.radius.card);
        }
    }
    painter.setPen(cosmetic(border, 1, dashed ? Qt::DashLine : Qt::SolidLine));
    painter.setBrush(grey ? theme.surface.cardBlocked : theme.surface.card);
    painter.drawPath(m_outline);
    painter.setPen(Qt::NoPen);
    if (m_face.bypassed) {
        painter.setBrush(QBrush(theme.surface.badge, Qt::BDiagPattern));
        painter.drawPath(m_outline);
    }
    if (!m_panelPath.isEmpty()) {
        painter.setBrush(theme.status.errorSoft);
        painter.drawPath(m_panelPath);
    }
    painter.setBrush(grey ? theme.text.disabled : theme.category(m_face.category).color);
    painter.drawPath(m_stripe);
}

/// Outside the border for a selection, on it for a mistake: both can be seen together.
void CardItem::paintOutlines(QPainter& painter) const {
    const Theme& theme = m_look.theme;
    const Metrics& metrics = m_look.metrics;
    const bool broken = m_face.state == CardFace::State::Broken;
    painter.setBrush(Qt::NoBrush);
    if (broken) {
        painter.setPen(cosmetic(theme.status.error, metrics.line.errorOutline));
        painter.drawPath(m_outline);
    }
    if (isSelected()) {
        const double out = broken ? 3 : 1, radius = metrics.radius.card + out;
        painter.setPen(cosmetic(theme.selection.outline, metrics.line.selectedOutline));
        painter.drawRoundedRect(cardRect().adjusted(-out, -out, out, out), radius, radius);
    }
}

/// The category's, and the mark of a warning on it.
void CardItem::paintIcons(QPainter& painter) const {
    const Theme& theme = m_look.theme;
    const Metrics& metrics = m_look.metrics;
    const CategoryLook& category = theme.category(m_face.category);
    const bool grey = dimmed();
    painter.setPen(Qt::NoPen);
    painter.setBrush(grey ? theme.surface.badge : category.tint);
    painter.drawRoundedRect(m_iconTile, metrics.radius.button, metrics.radius.button);
    const int size = metrics.card.icon;
    const double ratio = painter.device()->devicePixelRatioF();
    const QPointF iconPlace = m_iconTile.center() - QPointF(size / 2.0, size / 2.0);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawPixmap(QRectF(iconPlace, QSizeF(size, size)),
                       iconPixmap(m_face.icon, size, grey ? theme.text.disabled : category.color, ratio),
                       QRectF(0, 0, size * ratio, size * ratio));
    if (!m_face.warning) return;
    const QPointF corner = m_iconTile.bottomRight() - QPointF(9, 9);
    painter.drawPixmap(QRectF(corner, QSizeF(14, 14)), iconPixmap(QStringLiteral("warning"), 14, theme.status.warning, ratio),
                       QRectF(0, 0, 14 * ratio, 14 * ratio));
}

void CardItem::paintWords(QPainter& painter) const {
    const Theme& theme = m_look.theme;
    const Metrics& metrics = m_look.metrics;
    const bool grey = dimmed();
    const QColor ink = grey ? theme.text.disabled : theme.text.primary;
    const QColor second = grey ? theme.text.disabled : theme.text.secondary;
    if (m_face.previewed) {
        painter.setPen(cosmetic(theme.status.hint, 1, Qt::DashLine));
        painter.setBrush(theme.status.hintSoft);
        painter.drawRoundedRect(m_badge, metrics.radius.badge, metrics.radius.badge);
    } else if (m_face.state != CardFace::State::Blocked) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(grey ? theme.surface.hover : theme.surface.badge);
        painter.drawRoundedRect(m_badge, metrics.radius.badge, metrics.radius.badge);
    }
    const auto write = [&painter](const Words& words, const QColor& color) {
        painter.setFont(words.font);
        painter.setPen(color);
        painter.drawStaticText(words.place, words.text);
    };
    write(m_title, ink);
    write(m_name, second);
    write(m_line, second);
    write(m_shape, m_face.previewed ? theme.text.primary : m_face.state == CardFace::State::Broken ? theme.status.error : ink);
    write(m_count, m_face.previewed ? theme.text.primary : second);
}

QRectF CardItem::heatBar(double height) const {
    const double left = cardRect().left() + m_look.metrics.card.stripe + 3;
    const double room = cardRect().right() - 6 - left;
    return {left, m_look.metrics.card.height - height - 1.5, std::max(2.0, room * m_face.heat), height};
}

void CardItem::paintPanel(QPainter& painter) const {
    const Theme& theme = m_look.theme;
    const double ratio = painter.device()->devicePixelRatioF();
    const auto draw = [&](const QString& name, QPointF place, const QColor& color) {
        painter.drawPixmap(QRectF(place, QSizeF(16, 16)), iconPixmap(name, 16, color, ratio),
                           QRectF(0, 0, 16 * ratio, 16 * ratio));
    };
    draw(QStringLiteral("error"), m_sentence.place - QPointF(24, -1), theme.status.error);
    painter.setFont(m_sentence.font);
    painter.setPen(theme.text.primary);
    painter.drawStaticText(m_sentence.place, m_sentence.text);
    for (std::size_t i = 0; i < m_buttons.size(); ++i) {
        const Button& button = m_buttons[i];
        const bool hot = m_hotRepair == static_cast<int>(i);
        painter.setPen(cosmetic(hot ? theme.line.lineStrong : theme.line.cardBorder));
        painter.setBrush(hot ? theme.surface.hover : theme.surface.raised);
        painter.drawRoundedRect(button.rect, m_look.metrics.radius.button, m_look.metrics.radius.button);
        draw(QStringLiteral("repair"), QPointF(button.rect.left() + 8, button.rect.center().y() - 8), theme.text.primary);
        painter.setFont(button.label.font);
        painter.setPen(theme.text.primary);
        painter.drawStaticText(button.label.place, button.label.text);
    }
}

void CardItem::paintChip(QPainter& painter) const {
    const Theme& theme = m_look.theme;
    const bool training = m_face.chip == CardFace::Chip::Training;
    const bool bypassed = m_face.chip == CardFace::Chip::Bypassed;
    const QColor ink = training ? theme.status.running : bypassed ? theme.text.secondary : theme.status.hint;
    painter.setPen(cosmetic(ink));
    painter.setBrush(training ? theme.status.runningSoft : bypassed ? theme.surface.card : theme.status.hintSoft);
    painter.drawRoundedRect(m_chipRect, m_chipRect.height() / 2, m_chipRect.height() / 2);
    const double ratio = painter.device()->devicePixelRatioF();
    const QString name = training   ? QStringLiteral("running")
                         : bypassed ? QStringLiteral("bypassed")
                                    : QStringLiteral("frozen");
    painter.drawPixmap(QRectF(m_chipRect.left() + 6, m_chipRect.center().y() - 6, 12, 12),
                       iconPixmap(name, 12, ink, ratio), QRectF(0, 0, 12 * ratio, 12 * ratio));
    painter.setFont(m_chip.font);
    painter.setPen(ink);
    painter.drawStaticText(m_chip.place, m_chip.text);
}

void CardItem::paintPorts(QPainter& painter, double zoom) const {
    const Theme& theme = m_look.theme;
    const auto& size = m_look.metrics.port;
    Q_UNUSED(zoom);
    for (const Port& port : m_ports) {
        const bool target = m_targetSlot == port.slot && (m_role == LinkRole::Target || m_role == LinkRole::Refused);
        const bool start = m_startSlot == port.slot;
        if (port.spare && m_role != LinkRole::Fits && m_role != LinkRole::Target && !target) continue;
        double radius = m_hovered ? size.hoverRadius : size.radius;
        QColor rim = isSelected() ? theme.accent.base : theme.wire.portRim;
        QColor fill = theme.wire.port;
        if (start) {
            rim = fill = theme.accent.base;
        } else if (m_role == LinkRole::Target && target) {
            radius = size.targetRadius;
            rim = theme.accent.base;
            fill = theme.accent.soft;
        } else if (m_role == LinkRole::Refused && target) {
            radius = size.targetRadius;
            rim = theme.status.error;
        } else if (m_role == LinkRole::Fits && port.slot >= 0) {
            rim = theme.accent.base;
        } else if (m_role == LinkRole::Dimmed) {
            rim = theme.wire.wireBad;
        }
        painter.setPen(QPen(rim, size.rim));
        painter.setBrush(fill);
        painter.drawEllipse(port.place, radius - size.rim / 2, radius - size.rim / 2);
        if (m_role == LinkRole::Refused && target) {
            painter.setPen(QPen(theme.status.error, 1.5));
            const QPointF d(2.8, 2.8), e(2.8, -2.8);
            painter.drawLine(port.place - d, port.place + d);
            painter.drawLine(port.place - e, port.place + e);
        }
    }
}

void CardItem::paintFar(QPainter& painter, double zoom) const {
    const Theme& theme = m_look.theme;
    const bool broken = m_face.state == CardFace::State::Broken;
    const bool grey = dimmed();
    painter.setPen(cosmetic(isSelected() ? theme.selection.outline : broken ? theme.status.error : theme.line.cardBorder,
                            isSelected() || broken ? 2 : 1));
    painter.setBrush(grey ? theme.surface.cardBlocked : broken ? theme.status.errorSoft : theme.surface.card);
    const QRectF card = cardRect();
    painter.drawRect(card);
    if (m_face.bypassed) painter.fillRect(card, QBrush(theme.surface.badge, Qt::BDiagPattern));
    const double stripe = m_look.metrics.card.stripe / zoom;
    painter.fillRect(QRectF(card.left(), card.top(), stripe, card.height()),
                     grey ? theme.text.disabled : theme.category(m_face.category).color);

    if (m_face.heat > 0) painter.fillRect(heatBar(4 / zoom), heatColor(theme, m_face.heat));

    if (card.height() * zoom >= kLeastFar) paintFarWords(painter, zoom);
}

/// The shape stays; a title that is too long for what is left ends in dots.
void CardItem::paintFarWords(QPainter& painter, double zoom) const {
    const Theme& theme = m_look.theme;
    const bool grey = dimmed();
    painter.save();
    const QPointF corner = painter.worldTransform().map(cardRect().topLeft());
    painter.setWorldTransform(QTransform::fromTranslate(corner.x(), corner.y()));
    const double width = cardRect().width() * zoom;
    const double height = cardRect().height() * zoom;
    const double top = (height - m_farTitle.text.size().height()) / 2;
    const double shape = m_farShape.text.size().width();
    double room = width - kFarLeft - kFarRight;
    if (shape <= room) {
        painter.setPen(grey ? theme.text.disabled : theme.text.secondary);
        painter.setFont(m_farShape.font);
        painter.drawStaticText(QPointF(width - kFarRight - shape, top), m_farShape.text);
        room -= shape + kFarBetween;
    }
    const int letters = lettersIn(room);
    const bool whole = letters == static_cast<int>(m_farLetters.size());
    if (whole || letters >= kLeastLetters) {
        const double end = letters == 0 ? 0 : m_farLetters[static_cast<std::size_t>(letters - 1)];
        painter.setPen(grey ? theme.text.disabled : theme.text.primary);
        painter.setFont(m_farTitle.font);
        if (!whole) {
            painter.drawStaticText(QPointF(kFarLeft + end, top), m_farDots.text);
            painter.setClipRect(QRectF(0, 0, kFarLeft + end, height), Qt::IntersectClip);
        }
        painter.drawStaticText(QPointF(kFarLeft, top), m_farTitle.text);
    }
    painter.restore();
}

/// Of the far title: all, or as many as leave room for the dots.
int CardItem::lettersIn(double room) const {
    if (m_farTitle.text.size().width() <= room) return static_cast<int>(m_farLetters.size());
    const auto end = std::ranges::upper_bound(m_farLetters, room - m_farDots.text.size().width());
    return static_cast<int>(end - m_farLetters.begin());
}

} // namespace strata::ui
