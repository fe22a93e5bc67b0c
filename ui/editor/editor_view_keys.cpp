// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"

#include <QKeyEvent>

#include <cmath>

namespace strata::ui {
namespace {

constexpr double kNudge = 10;

/// The arrow as it points in a drawing that flows downwards.
Qt::Key turned(Qt::Key key, bool leftToRight) {
    if (!leftToRight) return key;
    switch (key) {
    case Qt::Key_Up: return Qt::Key_Left;
    case Qt::Key_Left: return Qt::Key_Up;
    case Qt::Key_Down: return Qt::Key_Right;
    case Qt::Key_Right: return Qt::Key_Down;
    default: return key;
    }
}

} // namespace

void EditorView::keyPressEvent(QKeyEvent* event) {
    const Qt::KeyboardModifiers modifiers = event->modifiers() & ~Qt::KeypadModifier;
    switch (event->key()) {
    case Qt::Key_Space:
        if (!event->isAutoRepeat()) {
            m_spaceDown = true;
            updateCursor();
        }
        return;
    case Qt::Key_Escape:
        if (m_gesture) endGesture(false, m_lastMouse, modifiers);
        else if (m_pan == Pan::None) m_scene.clearSelection();
        return;
    default: break;
    }
    event->ignore();
}

void EditorView::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        m_spaceDown = false;
        updateCursor();
    }
    if (event->modifiers() == Qt::NoModifier && !event->isAutoRepeat()) m_scene.document().closeSeries();
    event->ignore();
}

void EditorView::focusOutEvent(QFocusEvent* event) {
    QGraphicsView::focusOutEvent(event);
    m_spaceDown = false; // its release goes to somebody else
    updateCursor();
}

void EditorView::walk(Qt::Key arrow) {
    const bool sideways = m_scene.look().leftToRight;
    const Qt::Key key = turned(arrow, sideways);
    const auto seen = [sideways](QPointF place) { return sideways ? place.transposed() : place; };
    const ModelGraph& graph = m_scene.document().graph();
    const std::vector<NodeId> selected = m_scene.selectedNodes();
    NodeId to = 0;
    if (selected.empty()) {
        const std::vector<NodeId>& order = m_scene.document().report().order;
        if (!order.empty()) to = order.front();
    } else {
        NodeId at = selected.back();
        // A folded block is left where it ends and entered where it begins.
        if (const GroupId block = m_scene.foldedIn(at)) at = key == Qt::Key_Up ? m_scene.entryOf(block) : m_scene.exitOf(block);
        const QPointF here = seen(m_scene.restingPlace(at));
        double best = 1e300;
        const auto consider = [&](NodeId id, double cost) {
            if (cost >= best) return;
            best = cost;
            to = id;
        };
        if (key == Qt::Key_Up) {
            for (const Edge& edge : graph.inputsOf(at)) consider(edge.from, -seen(m_scene.restingPlace(edge.from)).y());
        } else if (key == Qt::Key_Down) {
            for (const Edge& edge : graph.outputsOf(at)) consider(edge.to, seen(m_scene.restingPlace(edge.to)).y());
        }
        // Sideways, and where no wire leads on: the nearest card that way.
        for (const NodeId id : m_scene.cardIds()) {
            if (to != 0 && (key == Qt::Key_Up || key == Qt::Key_Down)) break;
            const QPointF d = seen(m_scene.restingPlace(id)) - here;
            const double along = key == Qt::Key_Up ? -d.y() : key == Qt::Key_Down ? d.y() : key == Qt::Key_Left ? -d.x() : d.x();
            const double across = key == Qt::Key_Up || key == Qt::Key_Down ? d.x() : d.y();
            if (id != at && along > 1) consider(id, along + 3 * std::abs(across));
        }
    }
    if (to == 0) return;
    m_scene.selectOnly(std::array{to});
    reveal(to);
}

void EditorView::nudge(Qt::Key arrow) {
    const std::vector<NodeId> nodes = m_scene.selectedNodes();
    const std::vector<NoteId> notes = m_scene.selectedNotes();
    if (nodes.empty() && notes.empty()) return;
    const double by = kNudge;
    const Qt::Key key = turned(arrow, m_scene.look().leftToRight);
    const double dx = key == Qt::Key_Left ? -by : key == Qt::Key_Right ? by : 0;
    const double dy = key == Qt::Key_Up ? -by : key == Qt::Key_Down ? by : 0;
    const auto moved = [&](DocumentState& state) {
        edits::moveBy(state.graph, nodes, dx, dy);
        edits::moveNotesBy(state.graph, notes, dx, dy);
    };
    m_scene.document().edit(tr("Nudge"), moved, QStringLiteral("nudge"));
}

void EditorView::connectToNext(Qt::Key arrow) {
    const std::vector<NodeId> nodes = m_scene.selectedNodes();
    if (nodes.empty() || m_scene.shownCard(nodes.front()) != m_scene.shownCard(nodes.back())) return;
    const bool sideways = m_scene.look().leftToRight;
    const Qt::Key key = turned(arrow, sideways);
    const auto seen = [sideways](QPointF place) { return sideways ? place.transposed() : place; };
    // A folded block is one card: it is read where it ends and fed where it begins.
    const GroupId block = m_scene.foldedIn(nodes.front());
    const NodeId reader = block != 0 ? m_scene.entryOf(block) : nodes.front();
    const NodeId feeder = block != 0 ? m_scene.exitOf(block) : nodes.front();
    const QPointF here = seen(m_scene.restingPlace(nodes.front()));
    const ModelGraph& graph = m_scene.document().graph();
    const auto shapes = m_scene.outputShapes();
    std::pair<NodeId, NodeId> best;
    double least = 1e300;
    for (const NodeId id : m_scene.cardIds()) {
        const QPointF d = seen(m_scene.restingPlace(id)) - here;
        const bool upright = key == Qt::Key_Up || key == Qt::Key_Down;
        const double along = key == Qt::Key_Up ? -d.y() : key == Qt::Key_Down ? d.y() : key == Qt::Key_Left ? -d.x() : d.x();
        const double cost = along + 3 * std::abs(upright ? d.x() : d.y());
        if (along <= 1 || cost >= least || !m_scene.reachable(id)) continue;
        const bool onwards = key != Qt::Key_Up && edits::canLink(graph, feeder, id, -1, {}, shapes).ok();
        const bool back = !onwards && key != Qt::Key_Down && edits::canLink(graph, id, reader, -1, {}, shapes).ok();
        if (!onwards && !back) continue;
        least = cost;
        best = onwards ? std::pair(feeder, id) : std::pair(id, reader);
    }
    if (least == 1e300) return;
    m_scene.document().edit(tr("Connect"), [&](DocumentState& state) { (void)edits::link(state.graph, best.first, best.second, -1); });
}

} // namespace strata::ui
