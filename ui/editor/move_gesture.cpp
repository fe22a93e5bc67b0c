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

namespace {

/// From left to right rows are columns.
Snapped snapSeen(const CanvasLook& look, const QRectF& moving, const QList<QRectF>& others, double reach) {
    if (!look.leftToRight) return snap(moving, others, look.metrics.card.gap, reach);
    const QTransform mirror(0, 1, 1, 0, 0, 0);
    QList<QRectF> turned;
    for (const QRectF& other : others) turned << mirror.mapRect(other);
    Snapped snapped = snap(mirror.mapRect(moving), turned, CanvasMap::kColumnGap, reach);
    snapped.offset = snapped.offset.transposed();
    for (QLineF& guide : snapped.guides) guide = mirror.map(guide);
    return snapped;
}

} // namespace

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

MoveGesture::MoveGesture(EditorScene& scene, QPointF start, double zoom, bool snaps)
    : m_scene(scene), m_start(start), m_zoom(zoom), m_snaps(snaps), m_guides(std::make_unique<GuideItem>(scene.look())) {
    for (const NodeId id : scene.selectedNodes()) m_from[id] = scene.restingPlace(id);
    for (const NoteId id : scene.selectedNotes()) m_notesFrom[id] = scene.noteRect(id).topLeft();
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
        const QRectF rect = m_scene.shownCard(id)->cardRect();
        const auto held = m_from.find(id);
        if (held != m_from.end()) moving |= rect.translated(held->second + by);
        else others << rect.translated(m_scene.restingPlace(id));
    }
    QList<QLineF> guides;
    if (m_snaps && !(modifiers & Qt::ShiftModifier) && !m_from.empty()) {
        const Snapped snapped = snapSeen(m_scene.look(), moving, others, kSnapReach / m_zoom);
        by += snapped.offset;
        guides = snapped.guides;
    }
    by = {std::round(by.x()), std::round(by.y())};
    m_guides->setLines(guides);
    m_now.clear();
    for (const auto& [id, from] : m_from) m_now[id] = from + by;
    m_scene.previewMove(m_now);
    m_notesNow.clear();
    for (const auto& [id, from] : m_notesFrom) m_notesNow[id] = from + by;
    if (!m_notesNow.empty()) m_scene.previewNotes(m_notesNow);
    setTarget(wireBelow());
}

const WireItem* MoveGesture::wireBelow() const {
    const CardItem* card = m_loose == 0 ? nullptr : m_scene.card(m_loose);
    if (card == nullptr) return nullptr;
    const QPointF middle = card->pos() + card->cardRect().center();
    const QRectF heart(middle - QPointF(60, card->cardRect().height() / 2), QSizeF(120, card->cardRect().height()));
    for (const Edge& edge : m_scene.wireEdges()) {
        const WireItem* wire = m_scene.wire(edge);
        if (!wire->isVisible()) continue; // inside a folded block
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

std::map<NodeId, Point> MoveGesture::newPlaces() const {
    const ModelGraph& graph = m_scene.document().graph();
    std::map<NodeId, Point> places;
    std::vector<NodeId> moving;
    for (const auto& [id, place] : m_now) moving.push_back(id);
    for (const auto& [id, place] : m_now) {
        const Node* node = graph.find(id);
        if (node == nullptr) continue;
        const QPointF was = m_from.at(id);
        Point to = m_scene.map().toDocument(place, moving);
        if (m_scene.foldedIn(id) != 0) {
            // Seen where its block is: it keeps its place in that.
            const Point from = m_scene.map().toDocument(was, moving);
            to = {node->position.x + to.x - from.x, node->position.y + to.y - from.y};
        }
        to = {std::round(to.x), std::round(to.y)};
        // An axis that the hand did not use keeps its exact value.
        const QPointF by = m_scene.look().leftToRight ? (place - was).transposed() : place - was;
        if (by.x() == 0) to.x = node->position.x;
        if (by.y() == 0) to.y = node->position.y;
        places[id] = to;
    }
    return places;
}

GroupId MoveGesture::frameAround(NodeId id) const {
    const ModelGraph& graph = m_scene.document().graph();
    const CardItem* card = m_scene.card(id);
    if (card == nullptr || graph.find(id)->group != 0) return 0;
    for (const Group& group : graph.groups()) {
        const GroupItem* item = m_scene.group(group.id);
        if (item != nullptr && item->isVisible() && item->frame().contains(card->pos() + card->cardRect().center())) return group.id;
    }
    return 0;
}

void MoveGesture::finish(QPointF, Qt::KeyboardModifiers) {
    const std::optional<Edge> target = m_target;
    const std::map<NodeId, Point> places = newPlaces();
    std::map<NodeId, GroupId> joins;
    for (const auto& [id, place] : places) {
        if (const GroupId frame = frameAround(id)) joins[id] = frame;
    }
    const std::map<NoteId, QPointF> notes = m_notesNow;
    cancel();
    const qsizetype count = static_cast<qsizetype>(places.size() + notes.size());
    if (target) {
        m_scene.document().edit(QObject::tr("Insert into the wire"), [&](DocumentState& state) {
            (void)edits::insertExisting(state.graph, m_loose, *target);
        });
    } else if (count > 0) {
        m_scene.document().edit(count == 1 ? QObject::tr("Move") : places.empty() ? QObject::tr("Move %n notes", nullptr, static_cast<int>(count)) : QObject::tr("Move %n cards", nullptr, static_cast<int>(count)),
                                [&](DocumentState& state) {
            edits::moveTo(state.graph, places);
            for (const auto& [id, frame] : joins) state.graph.setGroup(id, frame);
            for (const auto& [id, place] : notes) {
                const Note* note = state.graph.findNote(id);
                if (note == nullptr) continue;
                Note moved = *note;
                moved.position = m_scene.map().toDocument(place);
                state.graph.replaceNote(std::move(moved));
            }
        });
    }
}

void MoveGesture::cancel() {
    setTarget(nullptr);
    m_guides->setLines({});
    m_scene.endPreview();
}

} // namespace strata::ui
