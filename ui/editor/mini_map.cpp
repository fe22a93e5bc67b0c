// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/mini_map.h"

#include "ui/editor/editor_view.h"
#include "ui/editor/text_overlay.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr QSize kSize(168, 132);
constexpr int kMargin = 10, kPad = 8;
constexpr double kLeastCard = 2; ///< pixels: a card can always be seen
constexpr QSize kLeastCanvas(3 * 168, 3 * 132); ///< on which it comes by itself: a smaller one it would fill
constexpr int kRestMs = 120;

} // namespace

MiniMap::MiniMap(EditorView& view) : QWidget(&view), m_view(view) {
    setObjectName(QStringLiteral("miniMap"));
    setAccessibleName(tr("Overview of the drawing"));
    setToolTip(tr("Overview: press or drag to go there; M hides it"));
    setCursor(Qt::ArrowCursor);
    resize(kSize);
    hide();
    const auto stale = [this] {
        m_stale = true;
        refresh();
        update();
    };
    connect(&view.editor(), &EditorScene::contentChanged, this, stale);
    connect(&view.editor().document(), &GraphDocument::analysed, this, stale);
    const auto moved = [this] {
        update();
        m_rest.start();
    };
    connect(&view, &EditorView::zoomChanged, this, moved);
    connect(view.horizontalScrollBar(), &QScrollBar::valueChanged, this, moved);
    connect(view.verticalScrollBar(), &QScrollBar::valueChanged, this, moved);
    connect(&view.editor(), &QGraphicsScene::selectionChanged, this, moved);
    m_rest.setSingleShot(true);
    m_rest.setInterval(kRestMs);
    connect(&m_rest, &QTimer::timeout, this, &MiniMap::makeWay);
}

void MiniMap::toggle() {
    const bool wanted = isHidden();
    m_byHand.reset();
    if (wanted != comesByItself()) m_byHand = wanted;
    refresh();
}

bool MiniMap::comesByItself() const {
    const bool many = m_view.editor().document().graph().nodes().size() >= kFromCards;
    const bool room = m_view.width() >= kLeastCanvas.width() && m_view.height() >= kLeastCanvas.height();
    return many && room && !m_inTheWay;
}

void MiniMap::refresh() {
    const bool wanted = m_byHand.value_or(comesByItself());
    move(placeIn(m_place).topLeft());
    m_rest.start();
    if (wanted == !isHidden()) return;
    setVisible(wanted);
    raise();
    Q_EMIT shown(wanted);
}

QRect MiniMap::placeIn(Corner corner) const {
    const int right = m_view.width() - width() - kMargin, below = m_view.height() - height() - kMargin;
    return {QPoint(corner == Corner::BottomRight ? right : kMargin, corner == Corner::TopLeft ? kMargin : below), size()};
}

MiniMap::Things MiniMap::things() const {
    const EditorScene& scene = m_view.editor();
    Things things;
    QRectF whole;
    const auto add = [&](const QRectF& rect, bool selected) {
        const QRect seen = m_view.mapFromScene(rect).boundingRect();
        whole |= rect;
        if (!seen.intersects(m_view.rect())) return;
        things.all.push_back(seen);
        if (selected) things.selected.push_back(seen);
    };
    for (const NodeId id : scene.cardIds()) {
        const CardItem* card = scene.shownCard(id);
        if (card == nullptr) continue;
        add(card->cardRect().translated(card->pos()), card->isSelected());
        if (const StripItem* strip = scene.strip(id); strip != nullptr && strip->isVisible()) add(strip->sceneBoundingRect(), card->isSelected());
    }
    for (const NoteId id : scene.noteIds()) add(scene.noteRect(id), scene.note(id)->isSelected());
    if (m_view.textOverlay().isVisible()) things.selected.push_back(m_view.textOverlay().geometry());
    things.inSight = m_view.rect().contains(m_view.mapFromScene(whole).boundingRect());
    return things;
}

void MiniMap::avoid(QPoint hand) {
    if (isHidden() || !geometry().contains(hand)) return;
    m_place = m_place == Corner::BottomRight ? Corner::BottomLeft : Corner::BottomRight;
    refresh();
}

void MiniMap::makeWay() {
    if (m_held) { // it is what moves the canvas
        m_rest.start();
        return;
    }
    const Things there = things();
    const auto covers = [this](const std::vector<QRect>& rects, Corner corner) {
        return std::ranges::any_of(rects, [place = placeIn(corner)](const QRect& rect) { return rect.intersects(place); });
    };
    const auto stands = [&](Corner corner) { return !covers(there.selected, corner) && !(there.inSight && covers(there.all, corner)); };
    std::optional<Corner> free;
    for (const Corner corner : {m_place, Corner::BottomRight, Corner::BottomLeft, Corner::TopLeft}) {
        if (!free && stands(corner)) free = corner;
    }
    m_place = free.value_or(Corner::BottomRight); // everything may be selected
    m_inTheWay = !free && there.inSight;
    refresh();
    m_rest.stop();
    Q_EMIT settled();
}

QPointF MiniMap::fromScene(QPointF place) const {
    return m_corner + (place - m_content.topLeft()) * m_scale;
}

void MiniMap::drawCards() {
    m_stale = false;
    const EditorScene& scene = m_view.editor();
    const Theme& theme = scene.look().theme;
    m_content = scene.cardsRect(scene.cardIds()).adjusted(-20, -20, 20, 20);
    const QSizeF room(width() - 2.0 * kPad, height() - 2.0 * kPad);
    m_scale = std::min({room.width() / m_content.width(), room.height() / m_content.height(), 0.2});
    m_corner = QPointF(kPad, kPad) + QPointF(room.width() - m_content.width() * m_scale, room.height() - m_content.height() * m_scale) / 2;
    const double ratio = devicePixelRatioF();
    m_cards = QPixmap(size() * ratio);
    m_cards.setDevicePixelRatio(ratio);
    m_cards.fill(Qt::transparent);
    QPainter painter(&m_cards);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.line.line, 1));
    painter.setBrush(theme.surface.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), scene.look().metrics.radius.button, scene.look().metrics.radius.button);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(theme.wire.wire, 1));
    for (const Edge& edge : scene.wireEdges()) {
        if (scene.foldedIn(edge.from) != 0 && scene.foldedIn(edge.from) == scene.foldedIn(edge.to)) continue;
        const QRectF from = scene.cardsRect(std::array{edge.from}), to = scene.cardsRect(std::array{edge.to});
        painter.drawLine(fromScene({from.center().x(), from.bottom()}), fromScene({to.center().x(), to.top()}));
    }
    for (const NodeId id : scene.cardIds()) {
        const QRectF card = scene.cardsRect(std::array{id});
        const CardFace& face = scene.shownCard(id)->face();
        const QPointF at = fromScene(card.topLeft());
        const QSizeF size(std::max(kLeastCard, card.width() * m_scale), std::max(kLeastCard, card.height() * m_scale));
        const bool broken = face.state == CardFace::State::Broken;
        const bool grey = face.state == CardFace::State::Blocked;
        painter.fillRect(QRectF(at, size), broken ? theme.status.error : grey ? theme.text.disabled : theme.category(face.category).color);
    }
}

void MiniMap::paintEvent(QPaintEvent*) {
    if (m_stale || m_cards.size() != size() * devicePixelRatioF()) drawCards();
    const Theme& theme = m_view.editor().look().theme;
    QPainter painter(this);
    painter.drawPixmap(0, 0, m_cards);
    const QRectF seen = m_view.mapToScene(m_view.viewport()->rect()).boundingRect();
    const QRectF frame = QRectF(fromScene(seen.topLeft()), fromScene(seen.bottomRight())) & QRectF(rect()).adjusted(2, 2, -2, -2);
    QColor fill = theme.accent.base;
    fill.setAlpha(28);
    painter.setPen(QPen(theme.accent.base, 1));
    painter.setBrush(fill);
    if (frame.isValid()) painter.drawRect(frame.adjusted(0, 0, -1, -1));
}

void MiniMap::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    m_held = true;
    goTo(event->position());
}

void MiniMap::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) goTo(event->position());
}

void MiniMap::goTo(QPointF at) {
    m_view.centerOn(m_content.topLeft() + (at - m_corner) / m_scale);
}

} // namespace strata::ui
