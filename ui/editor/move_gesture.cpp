// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/move_gesture.h"

#include "ui/editor/edits.h"

#include <QPainter>

#include <cmath>

namespace strata::ui {
namespace {

constexpr double kSnapReach = 8;

} // namespace

Snapped snap(const QRectF& moving, const QList<QRectF>& others, double gap, double reach) {
    Snapped result;
    double bestX = reach, bestY = reach;
    QRectF columnOf, rowOf;
    for (const QRectF& other : others) {
        const double dx = other.center().x() - moving.center().x();
        if (std::abs(dx) < std::abs(bestX)) {
            bestX = dx;
            columnOf = other;
        }
        const bool sameColumn = other.left() < moving.right() && moving.left() < other.right();
        std::array<double, 3> tops{other.top(), 1e300, 1e300};
        if (sameColumn) tops = {1e300, other.bottom() + gap, other.top() - gap - moving.height()};
        for (const double top : tops) {
            const double dy = top - moving.top();
            if (std::abs(dy) >= std::abs(bestY)) continue;
            bestY = dy;
            rowOf = other;
        }
    }
    if (!columnOf.isNull()) result.offset.setX(bestX);
    if (!rowOf.isNull()) result.offset.setY(bestY);
    const QRectF at = moving.translated(result.offset);
    if (!columnOf.isNull()) {
        result.guides << QLineF(at.center().x(), std::min(at.top(), columnOf.top()) - 10, at.center().x(),
                                std::max(at.bottom(), columnOf.bottom()) + 10);
    }
    if (!rowOf.isNull()) {
        result.guides << QLineF(std::min(at.left(), rowOf.left()) - 10, at.top(), std::max(at.right(), rowOf.right()) + 10, at.top());
    }
    return result;
}

GuideItem::GuideItem(const CanvasLook& look) : m_look(look) {
    setZValue(30);
}

void GuideItem::setLines(const QList<QLineF>& lines) {
    if (lines == m_lines) return;
    prepareGeometryChange();
    m_lines = lines;
}

QRectF GuideItem::boundingRect() const {
    QRectF rect;
    for (const QLineF& line : m_lines) rect |= QRectF(line.p1(), line.p2()).normalized().adjusted(-1, -1, 1, 1);
    return rect;
}

void GuideItem::paint(QPainter* painter, const QStyleOptionGraphicsItem*, QWidget*) {
    QPen pen(m_look.theme.accent.base, 1, Qt::DashLine);
    pen.setCosmetic(true);
    painter->setPen(pen);
    painter->drawLines(m_lines);
}

MoveGesture::MoveGesture(EditorScene& scene, QPointF start, double zoom)
    : m_scene(scene), m_start(start), m_zoom(zoom), m_guides(std::make_unique<GuideItem>(scene.look())) {
    for (const NodeId id : scene.selectedNodes()) m_from[id] = scene.restingPlace(id);
    if (m_from.size() == 1) {
        const NodeId id = m_from.begin()->first;
        const ModelGraph& graph = scene.document().graph();
        const bool wired = !graph.inputsOf(id).empty() || !graph.outputsOf(id).empty();
        if (!wired) m_loose = id;
    }
    scene.addItem(m_guides.get());
}

MoveGesture::~MoveGesture() = default;

void MoveGesture::move(QPointF place, Qt::KeyboardModifiers modifiers) {
    QPointF by = place - m_start;
    QRectF moving;
    QList<QRectF> others;
    for (const NodeId id : m_scene.cardIds()) {
        const QRectF rect = m_scene.card(id)->cardRect();
        const auto held = m_from.find(id);
        if (held != m_from.end()) moving |= rect.translated(held->second + by);
        else others << rect.translated(m_scene.restingPlace(id));
    }
    QList<QLineF> guides;
    if (!(modifiers & Qt::ShiftModifier)) {
        const Snapped snapped = snap(moving, others, m_scene.look().metrics.card.gap, kSnapReach / m_zoom);
        by += snapped.offset;
        guides = snapped.guides;
    }
    by = {std::round(by.x()), std::round(by.y())};
    m_guides->setLines(guides);
    m_now.clear();
    for (const auto& [id, from] : m_from) m_now[id] = from + by;
    m_scene.previewMove(m_now);
    setTarget(wireBelow());
}

const WireItem* MoveGesture::wireBelow() const {
    const CardItem* card = m_loose == 0 ? nullptr : m_scene.card(m_loose);
    if (card == nullptr) return nullptr;
    const QPointF middle = card->pos() + card->cardRect().center();
    const QRectF heart(middle - QPointF(60, card->cardRect().height() / 2), QSizeF(120, card->cardRect().height()));
    for (const Edge& edge : m_scene.wireEdges()) {
        const WireItem* wire = m_scene.wire(edge);
        if (!wire->path().intersects(heart) && !heart.contains(wire->path().pointAtPercent(0.5))) continue;
        ModelGraph tried = m_scene.document().graph();
        if (edits::insertExisting(tried, m_loose, edge)) return wire;
    }
    return nullptr;
}

void MoveGesture::setTarget(const WireItem* wire) {
    if (m_target) {
        if (WireItem* old = m_scene.wire(*m_target)) old->setDropTarget(false);
    }
    m_target.reset();
    if (wire == nullptr) return;
    m_target = wire->edge();
    m_scene.wire(*m_target)->setDropTarget(true);
}

void MoveGesture::finish(QPointF, Qt::KeyboardModifiers) {
    const std::optional<Edge> target = m_target;
    const std::map<NodeId, QPointF> now = m_now;
    std::map<NodeId, Point> places;
    std::vector<NodeId> moving;
    for (const auto& [id, place] : now) moving.push_back(id);
    for (const auto& [id, place] : now) {
        const Node* node = m_scene.document().graph().find(id);
        if (node == nullptr) continue;
        Point to = m_scene.map().toDocument(place, moving);
        to = {std::round(to.x), std::round(to.y)};
        // An axis that the hand did not use keeps its exact value.
        const QPointF was = m_from[id];
        if (place.x() == was.x()) to.x = node->position.x;
        if (place.y() == was.y()) to.y = node->position.y;
        places[id] = to;
    }
    cancel();
    if (target) {
        m_scene.document().edit(QObject::tr("Insert into the wire"), [&](DocumentState& state) {
            (void)edits::insertExisting(state.graph, m_loose, *target);
        });
    } else if (!places.empty()) {
        m_scene.document().edit(places.size() == 1 ? QObject::tr("Move") : QObject::tr("Move %1 cards").arg(places.size()),
                                [&](DocumentState& state) { edits::moveTo(state.graph, places); });
    }
}

void MoveGesture::cancel() {
    setTarget(nullptr);
    m_guides->setLines({});
    m_scene.endPreview();
}

} // namespace strata::ui
