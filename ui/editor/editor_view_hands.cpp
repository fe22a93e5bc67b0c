// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/band_gesture.h"
#include "ui/editor/bundle_gesture.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"
#include "ui/editor/knife_gesture.h"
#include "ui/editor/move_gesture.h"
#include "ui/editor/search_palette.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>

#include <cmath>

namespace strata::ui {
namespace {

using Kind = EditorScene::Hit::Kind;
constexpr double kNudge = 10;

bool adds(Qt::KeyboardModifiers modifiers) {
    return modifiers & (Qt::ControlModifier | Qt::ShiftModifier);
}

} // namespace

void EditorView::updateCursor() {
    if (m_pan == Pan::Moving) viewport()->setCursor(Qt::ClosedHandCursor);
    else if (m_spaceDown) viewport()->setCursor(Qt::OpenHandCursor);
    else viewport()->unsetCursor();
}

void EditorView::mousePressEvent(QMouseEvent* event) {
    m_lastMouse = event->position().toPoint();
    if (m_search->isVisible()) m_search->hide();
    setFocus(Qt::MouseFocusReason);
    const bool pans = event->button() == Qt::MiddleButton || event->button() == Qt::RightButton ||
                      (event->button() == Qt::LeftButton && m_spaceDown);
    if (pans && m_pan == Pan::None && !m_gesture) {
        startPan(event->button());
        m_knife = event->button() == Qt::RightButton && event->modifiers() == Qt::ControlModifier;
    } else if (event->button() == Qt::LeftButton && m_pan == Pan::None) {
        beginLeft(event);
    }
    event->accept();
}

void EditorView::startPan(Qt::MouseButton button) {
    m_pan = Pan::Waiting;
    m_panButton = button;
    m_panFrom = m_pressAt = m_lastMouse;
    m_knife = false;
}

void EditorView::explain(const QString& reason) {
    if (reason.isEmpty()) QToolTip::hideText();
    else QToolTip::showText(viewport()->mapToGlobal(m_lastMouse + QPoint(4, 12)), reason, viewport());
}

void EditorView::beginLeft(QMouseEvent* event) {
    m_leftDown = true;
    m_pressAt = m_lastMouse;
    m_pressKeys = event->modifiers();
    m_pressed = m_scene.hitAt(mapToScene(m_pressAt), m_zoom);
    const bool toggles = adds(event->modifiers());
    if (m_pressed.kind == Kind::Card || m_pressed.kind == Kind::Repair) {
        CardItem& card = *m_scene.card(m_pressed.node);
        if (m_pressed.kind == Kind::Repair) return;
        if (toggles) card.setSelected(!card.isSelected());
        else if (!card.isSelected()) m_scene.selectOnly(std::array{m_pressed.node});
    } else if (m_pressed.kind == Kind::Wire) {
        WireItem& wire = *m_scene.wire(m_pressed.edge);
        if (!toggles) m_scene.clearSelection();
        wire.setSelected(!toggles || !wire.isSelected());
    } else if (m_pressed.kind == Kind::Nothing && !toggles) {
        m_scene.clearSelection();
        if (!m_settings.leftDragPans) return;
        m_leftDown = false;
        startPan(Qt::LeftButton);
    }
}

void EditorView::mouseMoveEvent(QMouseEvent* event) {
    const QPoint at = event->position().toPoint();
    m_lastMouse = at;
    const bool far = (at - m_pressAt).manhattanLength() >= QApplication::startDragDistance();
    if (m_pan != Pan::None) {
        if (m_pan == Pan::Waiting && far && m_knife) {
            m_pan = Pan::None;
            m_gesture = std::make_unique<KnifeGesture>(m_scene, mapToScene(m_pressAt));
            m_gesture->move(mapToScene(at), event->modifiers());
            return;
        }
        if (m_pan == Pan::Waiting && far) {
            m_pan = Pan::Moving;
            updateCursor();
        }
        if (m_pan == Pan::Moving) {
            const QPoint by = at - m_panFrom;
            m_panFrom = at;
            horizontalScrollBar()->setValue(horizontalScrollBar()->value() - by.x());
            verticalScrollBar()->setValue(verticalScrollBar()->value() - by.y());
        }
        return;
    }
    if (m_leftDown && !m_gesture && far) startDrag(at);
    if (m_gesture) {
        m_gesture->move(mapToScene(at), event->modifiers());
    } else if (!m_leftDown) {
        const EditorScene::Hit hit = m_scene.hitAt(mapToScene(at), m_zoom);
        m_scene.setHovered(hit);
        const bool hand = hit.kind == Kind::Repair || hit.kind == Kind::Strip;
        if (!m_spaceDown) viewport()->setCursor(hand ? Qt::PointingHandCursor : hit.kind == Kind::Port ? Qt::CrossCursor : Qt::ArrowCursor);
    }
}

void EditorView::startDrag(QPoint at) {
    m_scene.setHovered({});
    const QPointF from = mapToScene(m_pressAt);
    if (m_pressed.kind == Kind::Port && m_scene.card(m_pressed.node) != nullptr) {
        LinkGesture::Start start{m_pressed.node, m_pressed.index, {}};
        for (const Edge& edge : m_scene.document().graph().inputsOf(m_pressed.node)) {
            if (edge.slot == m_pressed.index) start = {edge.from, -1, edge}; // an input's wire comes off with the hand
        }
        const auto say = [this](const QString& reason) { explain(reason); };
        const bool all = m_pressed.index < 0 && m_pressKeys == Qt::ControlModifier &&
                         !m_scene.document().graph().outputsOf(m_pressed.node).empty();
        if (all) m_gesture = std::make_unique<BundleGesture>(m_scene, m_pressed.node, say);
        else m_gesture = std::make_unique<LinkGesture>(m_scene, start, [this, start](QPointF place) { openSearch(place, start); }, say);
    } else if (m_pressed.kind == Kind::Card && m_scene.card(m_pressed.node) != nullptr && m_scene.card(m_pressed.node)->isSelected()) {
        m_gesture = std::make_unique<MoveGesture>(m_scene, from, m_zoom);
    } else if (m_pressed.kind == Kind::Nothing) {
        m_gesture = std::make_unique<BandGesture>(m_scene, from, adds(QApplication::keyboardModifiers()));
    }
    if (m_gesture) m_gesture->move(mapToScene(at), Qt::NoModifier);
}

void EditorView::mouseReleaseEvent(QMouseEvent* event) {
    const QPoint at = event->position().toPoint();
    m_lastMouse = at;
    if (m_pan != Pan::None && event->button() == m_panButton) {
        const bool clicked = m_pan == Pan::Waiting && m_panButton == Qt::RightButton;
        m_pan = Pan::None;
        updateCursor();
        if (clicked) showMenu(at);
        return;
    }
    if (m_gesture && m_knife && event->button() == Qt::RightButton) {
        m_knife = false;
        endGesture(true, at, event->modifiers());
        return;
    }
    if (event->button() != Qt::LeftButton || !m_leftDown) return;
    m_leftDown = false;
    if (m_gesture) {
        endGesture(true, at, event->modifiers());
        return;
    }
    const EditorScene::Hit hit = m_scene.hitAt(mapToScene(at), m_zoom);
    if (hit.kind != m_pressed.kind || hit.node != m_pressed.node) return;
    if (hit.kind == Kind::Repair && hit.index == m_pressed.index) clickRepair(hit.node, hit.index);
    else if (hit.kind == Kind::Strip) Q_EMIT m_scene.mapsRequested(hit.node);
    else if (hit.kind == Kind::Port) m_scene.selectOnly(std::array{hit.node});
    else if (hit.kind == Kind::Card && !adds(event->modifiers())) m_scene.selectOnly(std::array{hit.node});
}

void EditorView::endGesture(bool finish, QPoint at, Qt::KeyboardModifiers modifiers) {
    // Taken out first: what it does to the document comes back here as a change of content.
    const std::unique_ptr<Gesture> gesture = std::move(m_gesture);
    m_gesture.reset();
    m_leftDown = false;
    if (finish) gesture->finish(mapToScene(at), modifiers);
    else gesture->cancel();
}

void EditorView::mouseDoubleClickEvent(QMouseEvent* event) {
    m_lastMouse = event->position().toPoint();
    if (event->button() != Qt::LeftButton || m_spaceDown) {
        mousePressEvent(event);
        return;
    }
    const EditorScene::Hit hit = m_scene.hitAt(mapToScene(m_lastMouse), m_zoom);
    if (hit.kind == Kind::Nothing) searchAt(mapToScene(m_lastMouse));
    else if (hit.kind == Kind::Card) Q_EMIT fieldsRequested(hit.node);
    else mousePressEvent(event);
}

void EditorView::contextMenuEvent(QContextMenuEvent* event) {
    // The mouse's menu opens on release, because a right drag pans; this is the keyboard's.
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const std::vector<NodeId> nodes = m_scene.selectedNodes();
        const QPointF place = nodes.empty() ? mapToScene(viewport()->rect().center())
                                            : m_scene.restingPlace(nodes.front()) + QPointF(0, 10);
        showMenu(mapFromScene(place));
    }
    event->accept();
}

void EditorView::clickRepair(NodeId node, int index) {
    GraphDocument& document = m_scene.document();
    const Problem* found = cardProblem(document.report(), node);
    if (found == nullptr) return;
    const Problem problem = *found;
    const std::vector<Repair> repairs = document.repairs(problem);
    if (index < static_cast<int>(repairs.size())) document.applyRepair(problem, repairs[static_cast<std::size_t>(index)]);
}

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
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (modifiers == Qt::NoModifier) {
            const std::vector<NodeId> nodes = m_scene.selectedNodes();
            if (nodes.size() == 1) Q_EMIT fieldsRequested(nodes.front());
            return;
        }
        break;
    case Qt::Key_F1: {
        const std::vector<NodeId> nodes = m_scene.selectedNodes();
        if (nodes.size() == 1) Q_EMIT helpRequested(nodes.front());
        return;
    }
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (modifiers == Qt::NoModifier) walk(event->key());
        else if (modifiers == Qt::ShiftModifier) nudge(event->key());
        else if (modifiers == Qt::ControlModifier && event->key() == Qt::Key_Down) connectToNext();
        else break;
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

bool EditorView::focusNextPrevChild(bool next) {
    if (!m_settings.tabAdds || !next) return QGraphicsView::focusNextPrevChild(next);
    searchAt(handPlace());
    return true;
}

void EditorView::walk(int key) {
    const ModelGraph& graph = m_scene.document().graph();
    const std::vector<NodeId> selected = m_scene.selectedNodes();
    NodeId to = 0;
    if (selected.empty()) {
        const std::vector<NodeId>& order = m_scene.document().report().order;
        if (!order.empty()) to = order.front();
    } else {
        const NodeId at = selected.back();
        const QPointF here = m_scene.restingPlace(at);
        double best = 1e300;
        const auto consider = [&](NodeId id, double cost) {
            if (cost >= best) return;
            best = cost;
            to = id;
        };
        if (key == Qt::Key_Up) {
            for (const Edge& edge : graph.inputsOf(at)) consider(edge.from, -m_scene.restingPlace(edge.from).y());
        } else if (key == Qt::Key_Down) {
            for (const Edge& edge : graph.outputsOf(at)) consider(edge.to, m_scene.restingPlace(edge.to).y());
        }
        // Sideways, and where no wire leads on: the nearest card that way.
        for (const NodeId id : m_scene.cardIds()) {
            if (to != 0 && (key == Qt::Key_Up || key == Qt::Key_Down)) break;
            const QPointF d = m_scene.restingPlace(id) - here;
            const double along = key == Qt::Key_Up ? -d.y() : key == Qt::Key_Down ? d.y() : key == Qt::Key_Left ? -d.x() : d.x();
            const double across = key == Qt::Key_Up || key == Qt::Key_Down ? d.x() : d.y();
            if (id != at && along > 1) consider(id, along + 3 * std::abs(across));
        }
    }
    if (to == 0) return;
    m_scene.selectOnly(std::array{to});
    reveal(to);
}

void EditorView::nudge(int key) {
    const std::vector<NodeId> nodes = m_scene.selectedNodes();
    if (nodes.empty()) return;
    const double by = kNudge;
    const double dx = key == Qt::Key_Left ? -by : key == Qt::Key_Right ? by : 0;
    const double dy = key == Qt::Key_Up ? -by : key == Qt::Key_Down ? by : 0;
    m_scene.document().edit(tr("Nudge"), [&](DocumentState& state) { edits::moveBy(state.graph, nodes, dx, dy); },
                            QStringLiteral("nudge"));
}

void EditorView::connectToNext() {
    const std::vector<NodeId> nodes = m_scene.selectedNodes();
    if (nodes.size() != 1) return;
    const NodeId from = nodes.front();
    const QPointF here = m_scene.restingPlace(from);
    const auto shapes = m_scene.outputShapes();
    NodeId to = 0;
    double best = 1e300;
    for (const NodeId id : m_scene.cardIds()) {
        const QPointF d = m_scene.restingPlace(id) - here;
        const double cost = d.y() + 3 * std::abs(d.x());
        if (id == from || d.y() <= 0 || cost >= best) continue;
        if (!edits::canLink(m_scene.document().graph(), from, id, -1, {}, shapes)) continue;
        best = cost;
        to = id;
    }
    if (to == 0) return;
    m_scene.document().edit(tr("Connect"), [&](DocumentState& state) { (void)edits::link(state.graph, from, to, -1); });
}

} // namespace strata::ui
