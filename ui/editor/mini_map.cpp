// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/mini_map.h"

#include "ui/editor/editor_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr QSize kSize(168, 132);
constexpr int kMargin = 10, kPad = 8;
constexpr double kLeastCard = 2; ///< pixels: a card can always be seen

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
    const auto moved = [this] { update(); };
    connect(&view, &EditorView::zoomChanged, this, moved);
    connect(view.horizontalScrollBar(), &QScrollBar::valueChanged, this, moved);
    connect(view.verticalScrollBar(), &QScrollBar::valueChanged, this, moved);
}

void MiniMap::toggle() {
    m_against = !m_against;
    refresh();
}

void MiniMap::refresh() {
    const bool many = m_view.editor().document().graph().nodes().size() >= kFromCards;
    const bool wanted = many != m_against;
    move(m_view.width() - width() - kMargin, m_view.height() - height() - kMargin);
    if (wanted == !isHidden()) return;
    setVisible(wanted);
    raise();
    Q_EMIT shown(wanted);
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
    if (event->button() == Qt::LeftButton) goTo(event->position());
}

void MiniMap::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) goTo(event->position());
}

void MiniMap::goTo(QPointF at) {
    m_view.centerOn(m_content.topLeft() + (at - m_corner) / m_scale);
}

} // namespace strata::ui
