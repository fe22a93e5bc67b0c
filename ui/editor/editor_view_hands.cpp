// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/band_gesture.h"
#include "ui/editor/bend_gesture.h"
#include "ui/editor/bundle_gesture.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"
#include "ui/editor/group_actions.h"
#include "ui/editor/knife_gesture.h"
#include "ui/editor/mini_map.h"
#include "ui/editor/move_gesture.h"
#include "ui/editor/search_palette.h"
#include "ui/editor/text_overlay.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace strata::ui {
namespace {

using Kind = EditorScene::Hit::Kind;

constexpr double kLeastAsked = 0.65; ///< below it nobody reads a badge: a click means the card

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
    m_overlay->finish();
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
    m_selectedBefore = m_scene.selectedNodes();
    m_pressed = m_scene.hitAt(mapToScene(m_pressAt), m_zoom);
    const bool toggles = adds(event->modifiers());
    if (m_pressed.kind == Kind::Card || m_pressed.kind == Kind::Repair) {
        CardItem& card = *m_scene.card(m_pressed.node);
        if (m_pressed.kind == Kind::Repair) return;
        if (toggles) card.setSelected(!card.isSelected());
        else if (!card.isSelected()) m_scene.selectOnly(std::array{m_pressed.node});
    } else if (m_pressed.kind == Kind::Frame) {
        m_scene.selectOnly(m_scene.document().graph().membersOf(m_pressed.other));
    } else if (m_pressed.kind == Kind::Note) {
        NoteItem& note = *m_scene.note(m_pressed.other);
        if (!toggles && !note.isSelected()) m_scene.clearSelection();
        note.setSelected(!toggles || !note.isSelected());
    } else if (m_pressed.kind == Kind::Wire || m_pressed.kind == Kind::Bend) {
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
        m_miniMap->avoid(at);
    } else if (!m_leftDown) {
        const EditorScene::Hit hit = m_scene.hitAt(mapToScene(at), m_zoom);
        m_scene.setHovered(hit);
        const bool hand = hit.kind == Kind::Repair || hit.kind == Kind::Strip || hit.kind == Kind::Fold || onBadge(hit, at);
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
        for (const Port& port : m_scene.shownCard(m_pressed.node)->ports()) {
            if (start.slot >= 0 && port.slot == start.slot) start.seat = port.seat;
        }
        const auto hint = [this](const QString& reason) { explain(reason); };
        const auto say = [this](const QString& sentence) { Q_EMIT m_actions->message(sentence); };
        const bool all = m_pressed.index < 0 && m_pressKeys == Qt::ControlModifier &&
                         !m_scene.document().graph().outputsOf(m_pressed.node).empty();
        if (all) m_gesture = std::make_unique<BundleGesture>(m_scene, m_pressed.node, hint);
        else m_gesture = std::make_unique<LinkGesture>(m_scene, start, [this, start](QPointF place) { openSearch(place, start); }, LinkGesture::Voice{hint, say});
    } else if ((m_pressed.kind == Kind::Wire || m_pressed.kind == Kind::Bend) && m_scene.wire(m_pressed.edge) != nullptr) {
        m_gesture = std::make_unique<BendGesture>(m_scene, m_pressed.edge, m_pressed.kind == Kind::Bend ? m_pressed.index : -1, from);
    } else if (holdsSelection()) {
        m_gesture = std::make_unique<MoveGesture>(m_scene, from, m_zoom, m_settings.snaps);
    } else if (m_pressed.kind == Kind::Nothing) {
        m_gesture = std::make_unique<BandGesture>(m_scene, from, adds(QApplication::keyboardModifiers()));
    }
    if (m_gesture) m_gesture->move(mapToScene(at), Qt::NoModifier);
}

bool EditorView::holdsSelection() const {
    const CardItem* card = m_pressed.kind == Kind::Card ? m_scene.card(m_pressed.node) : nullptr;
    const NoteItem* note = m_pressed.kind == Kind::Note ? m_scene.note(m_pressed.other) : nullptr;
    return (card != nullptr && card->isSelected()) || (note != nullptr && note->isSelected()) ||
           (m_pressed.kind == Kind::Frame && !m_scene.selectedNodes().empty());
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
    else if (hit.kind == Kind::Fold) m_actions->groups->toggleFolded(hit.other);
    else if (hit.kind == Kind::Strip) Q_EMIT m_scene.mapsRequested(hit.node);
    else if (hit.kind == Kind::Port) m_scene.selectOnly(std::array{hit.node});
    else if (hit.kind == Kind::Card && !adds(event->modifiers())) {
        m_scene.selectOnly(std::array{hit.node});
        if (onBadge(hit, at)) askWhy(hit.node);
    }
}

bool EditorView::onBadge(const EditorScene::Hit& hit, QPoint at) const {
    const CardItem* card = hit.kind == Kind::Card && hit.node > 0 ? m_scene.card(hit.node) : nullptr;
    return card != nullptr && m_zoom >= kLeastAsked && card->onBadge(mapToScene(at) - card->pos());
}

void EditorView::askWhy(NodeId id) {
    if (m_scene.card(id) != nullptr) Q_EMIT whyRequested(id);
}

QRect EditorView::placeOf(NodeId id) const {
    const CardItem* card = m_scene.shownCard(id);
    return card == nullptr ? QRect() : mapFromScene(card->cardRect().translated(m_scene.restingPlace(id))).boundingRect();
}

QRect EditorView::placeWithNeighbours(NodeId id) const {
    QRect all = placeOf(id);
    const ModelGraph& graph = m_scene.document().graph();
    for (const std::vector<Edge>& wires : {graph.inputsOf(id), graph.outputsOf(id)}) {
        for (const Edge& wire : wires) all |= placeOf(wire.from == id ? wire.to : wire.from);
    }
    return all;
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
    if (hit.kind == Kind::Nothing) {
        // The first click took the selection away; what was selected is still what the new card follows.
        if (m_scene.selectedNodes().empty()) m_scene.selectOnly(m_selectedBefore);
        searchAfterSelected(mapToScene(m_lastMouse));
    }
    else if (hit.kind == Kind::Card && hit.node < 0) m_actions->groups->toggleFolded(-hit.node);
    else if (hit.kind == Kind::Card) Q_EMIT fieldsRequested(hit.node);
    else if (hit.kind == Kind::Frame) m_actions->groups->renameGroup(hit.other);
    else if (hit.kind == Kind::Note) m_actions->groups->editNote(hit.other);
    else if (hit.kind == Kind::Bend) m_actions->groups->removeBend(hit.edge, hit.index);
    else if (hit.kind != Kind::Repair) mousePressEvent(event); // a repair was done by the first click, and another has come into its place
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
    const CardItem* card = m_scene.shownCard(node);
    if (card == nullptr || index >= card->face().repairs.size()) return;
    // Its button may still be that of the drawing before the last edit: what it says is what is done.
    const std::string label = card->face().repairs[index].toStdString();
    const std::vector<Repair> repairs = document.repairs(problem);
    const auto repair = std::ranges::find(repairs, label, &Repair::label);
    if (repair != repairs.end()) document.applyRepair(*repair);
}

bool EditorView::focusNextPrevChild(bool next) {
    if (!m_settings.tabAdds || !next) return QGraphicsView::focusNextPrevChild(next);
    searchAfterSelected(handPlace());
    return true;
}

} // namespace strata::ui
