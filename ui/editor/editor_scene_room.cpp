// SPDX-License-Identifier: GPL-3.0-or-later
// What takes room on the canvas: cards, the strips beside them, frames, notes.
#include "ui/editor/editor_scene.h"

#include <algorithm>
#include <limits>

namespace strata::ui {
namespace {

constexpr double kStripRoom = 620; ///< twelve tiles and their "+4"
/// Of a wire that leads around cards, this much is seen beyond them.
constexpr double kWireRoom = 8;

/// Where a path first comes right of `left` between two heights; infinite: nowhere.
double firstRightOf(const QPainterPath& path, double left, double top, double bottom) {
    double first = std::numeric_limits<double>::infinity();
    for (const QPolygonF& lines : path.toSubpathPolygons()) {
        for (qsizetype i = 1; i < lines.size(); ++i) {
            const QPointF a = lines[i - 1], b = lines[i];
            if (std::max(a.y(), b.y()) <= top || std::min(a.y(), b.y()) >= bottom) continue;
            if (const double x = std::min(a.x(), b.x()); x > left) first = std::min(first, x);
        }
    }
    return first;
}

} // namespace

void EditorScene::moveTo(CardItem& card, QPointF place) {
    card.setPos(place);
    if (StripItem* beside = strip(card.id())) {
        const auto& metrics = m_look.metrics.card;
        if (!m_look.leftToRight) {
            beside->setScale(1);
            beside->setPos(place + QPointF(metrics.width / 2.0 + metrics.stripOffset, metrics.height / 2.0));
            return;
        }
        // Below its card, and no wider.
        beside->setRoom(StripItem::kBoundless);
        const QRectF strip = beside->boundingRect();
        beside->setScale(std::min(1.0, metrics.width / std::max(1.0, strip.width())));
        beside->setPos(place + QPointF(-metrics.width / 2.0, metrics.height + metrics.stripGap * 2.0 + strip.height() * beside->scale() / 2));
    }
}

void EditorScene::setStrip(NodeId id, const Strip& strip) {
    CardItem* item = card(id);
    if (item == nullptr) return;
    StripItem*& beside = m_strips[id];
    if (beside == nullptr) {
        beside = new StripItem(id, m_look);
        addItem(beside);
    }
    beside->setStrip(strip);
    beside->setVisible(showsStrip(id));
    moveTo(*item, item->pos());
    yieldStrip(id);
}

void EditorScene::showStrips(bool show) {
    if (m_stripsShown == show) return;
    m_stripsShown = show;
    for (const auto& [id, strip] : m_strips) strip->setVisible(showsStrip(id));
    yieldStrips();
    Q_EMIT contentChanged();
}

void EditorScene::clearStrips() {
    for (const auto& [id, item] : m_strips) delete item;
    m_strips.clear();
}

/// From a card to the next card, note or wire at its right. A strip ends there: it lies below all of them, and half a map
/// is none.
double EditorScene::roomBeside(const CardItem& card) const {
    const double right = card.pos().x() + m_look.metrics.card.width / 2.0;
    const double top = card.pos().y(), bottom = top + m_look.metrics.card.height;
    double next = std::numeric_limits<double>::infinity();
    const auto meet = [&](const QRectF& thing) {
        if (thing.left() > right && thing.top() < bottom && thing.bottom() > top) next = std::min(next, thing.left());
    };
    for (const auto& [id, item] : m_cards) {
        if (!m_folded.contains(id)) meet(item->cardRect().translated(item->pos()));
    }
    for (const auto& [id, item] : m_blocks) meet(item->cardRect().translated(item->pos()));
    for (const auto& [id, item] : m_notes) meet(item->rect().translated(item->pos()));
    for (const auto& [edge, wire] : m_wires) {
        const QRectF box = wire->path().boundingRect();
        if (!wire->isVisible() || box.right() <= right || box.top() >= bottom || box.bottom() <= top) continue;
        next = std::min(next, firstRightOf(wire->path(), right, top, bottom));
    }
    return std::min(next - right, StripItem::kBoundless);
}

void EditorScene::yieldStrip(NodeId id) {
    const CardItem* card = shownCard(id);
    if (card != nullptr && !m_look.leftToRight && m_strips.at(id)->isVisible()) m_strips.at(id)->setRoom(roomBeside(*card));
}

void EditorScene::yieldStrips() {
    for (const auto& [id, strip] : m_strips) yieldStrip(id);
}

QRectF EditorScene::cardsRect(std::span<const NodeId> nodes) const {
    QRectF rect;
    for (const NodeId id : nodes) {
        if (const CardItem* item = shownCard(id)) rect |= item->cardRect().translated(restingPlace(id));
    }
    return rect;
}

QRectF EditorScene::contentRect() const {
    QRectF rect = cardsRect(cardIds());
    if (rect.isEmpty()) rect = QRectF(-m_look.metrics.card.width / 2.0, 0, m_look.metrics.card.width, m_look.metrics.card.height);
    for (const auto& [id, item] : m_groups) {
        if (item->isVisible()) rect |= item->frame();
    }
    for (const NoteId id : noteIds()) rect |= noteRect(id);
    for (const auto& [id, item] : m_strips) {
        if (item->isVisible()) rect |= item->sceneBoundingRect();
    }
    for (const auto& [edge, item] : m_wires) {
        if (item->isVisible()) rect |= item->path().boundingRect().adjusted(-kWireRoom, 0, kWireRoom, 0);
    }
    return rect;
}

std::vector<QRectF> EditorScene::takenRects() const {
    std::vector<QRectF> taken;
    for (const auto& [id, item] : m_cards) {
        if (!m_folded.contains(id)) taken.push_back(item->cardRect().translated(restingPlace(id)));
    }
    for (const auto& [id, item] : m_blocks) taken.push_back(item->cardRect().translated(blockPlace(id)));
    for (const auto& [id, item] : m_groups) {
        if (item->isVisible()) taken.push_back(item->frame());
    }
    for (const auto& [id, item] : m_strips) {
        if (item->isVisible()) taken.push_back(item->sceneBoundingRect());
    }
    for (const NoteId id : noteIds()) taken.push_back(noteRect(id));
    return taken;
}

QRectF EditorScene::roomyRect() const {
    QRectF cards = cardsRect(cardIds());
    if (!m_stripsShown) return contentRect() | cards;
    const auto& card = m_look.metrics.card;
    if (m_look.leftToRight) cards.adjust(0, 0, 0, card.stripTile + card.gap);
    else cards.adjust(0, 0, card.stripOffset + kStripRoom, 0);
    return contentRect() | cards;
}

} // namespace strata::ui
