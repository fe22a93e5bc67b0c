// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"
#include "ui/editor/search_palette.h"

#include <QDragEnterEvent>
#include <QMimeData>

#include <cmath>

namespace strata::ui {
namespace {

/// The place of a card whose middle is to be under the hand.
Point cardAt(const EditorScene& scene, QPointF hand) {
    const Point place = scene.map().toDocument(hand - QPointF(0, scene.look().metrics.card.height / 2.0));
    return {std::round(place.x), std::round(place.y)};
}

QString draggedLayer(const QMimeData* data) {
    return QString::fromUtf8(data->data(QLatin1String(EditorView::kLayerMime)));
}

} // namespace

void EditorView::searchAt(QPointF place) {
    openSearch(place, {});
}

void EditorView::searchAfterSelected(QPointF place) {
    const std::vector<NodeId> selected = m_scene.selectedNodes();
    const bool one = !selected.empty() && m_scene.shownCard(selected.front()) == m_scene.shownCard(selected.back());
    if (!one) {
        searchAt(place);
        return;
    }
    // A folded block is read where it ends.
    const GroupId block = m_scene.foldedIn(selected.front());
    const NodeId after = block != 0 ? m_scene.exitOf(block) : selected.front();
    openSearch(place, LinkGesture::Start{after, -1, {}}, after);
}

void EditorView::openSearch(QPointF place, const std::optional<LinkGesture::Start>& link, NodeId after) {
    m_searchPlace = place;
    m_searchLink = link;
    m_searchAfter = after;
    SearchContext context;
    context.mustConnect = after == 0;
    QString heading = tr("All layers, most used first");
    const Node* node = link ? m_scene.document().graph().find(link->node) : nullptr;
    if (node != nullptr && link->slot < 0) {
        context.afterType = QString::fromStdString(node->type);
        const auto shapes = m_scene.outputShapes();
        if (const auto shape = shapes.find(node->id); shape != shapes.end()) context.input = shape->second;
        heading = tr("Fits after %1, most used first").arg(QString::fromStdString(node->name));
    } else if (node != nullptr) {
        context.reader = *node;
        heading = tr("To feed %1, most used first").arg(QString::fromStdString(node->name));
    }
    const QPoint at = mapFromScene(place);
    const bool dropped = link && after == 0;
    m_search->openAt(at + QPoint(dropped ? 0 : -20, dropped ? -24 : -20), context, heading);
    if (node == nullptr || after != 0) return;
    const CardItem& card = *m_scene.shownCard(node->id);
    const QPointF palette = mapToScene(mapFromGlobal(m_search->mapToGlobal(QPoint(0, 24))));
    for (const Port& port : card.ports()) {
        if (port.slot != link->slot) continue;
        const QPointF fixed = card.pos() + port.place;
        if (link->slot < 0) m_searchWire.setEnds(fixed, palette);
        else m_searchWire.setEnds(palette, fixed);
    }
    m_searchWire.show();
}

void EditorView::searchChosen(const QString& type) {
    if (m_searchAfter != 0) {
        addBelow(type, m_searchAfter);
        return;
    }
    const std::optional<LinkGesture::Start> link = m_searchLink;
    const Point at = edits::freePlace(m_scene.document().graph(), cardAt(m_scene, m_searchPlace));
    NodeId added = 0;
    const bool done = m_scene.document().edit(tr("Add %1").arg(type), [&](DocumentState& state) {
        added = edits::addCard(state.graph, type.toStdString(), at);
        edits::takeDataShape(state.graph, added, m_scene.document().context().sampleShape);
        if (!link) return;
        if (link->slot < 0) (void)edits::link(state.graph, link->node, added, -1);
        else (void)edits::link(state.graph, added, link->node, link->slot < static_cast<int>(state.graph.inputsOf(link->node).size()) ? link->slot : -1);
    });
    if (!done) return;
    if (link && link->slot >= 0) m_scene.keepSeat(added, link->node, link->seat);
    m_scene.selectOnly(std::array{added});
}

void EditorView::addLayer(const QString& type) {
    const std::vector<NodeId> selected = m_scene.selectedNodes();
    addLayerAfter(type, selected.empty() ? 0 : selected.back());
}

void EditorView::addLayerAfter(const QString& type, NodeId after) {
    addBelow(type, after);
    // The next key is meant for the new card, not for the list that it came from.
    setFocus(Qt::OtherFocusReason);
}

void EditorView::addBelow(const QString& type, NodeId after) {
    NodeId added = 0;
    const bool done = m_scene.document().edit(tr("Add %1").arg(type), [&](DocumentState& state) {
        if (state.graph.empty()) {
            const QPointF top = mapToScene(QPoint(viewport()->width() / 3, 40));
            added = edits::addCard(state.graph, type.toStdString(), cardAt(m_scene, top + QPointF(0, 26)));
        } else {
            added = edits::addAfter(state.graph, type.toStdString(), after);
        }
        edits::takeDataShape(state.graph, added, m_scene.document().context().sampleShape);
    });
    if (!done) return;
    m_scene.selectOnly(std::array{added});
    reveal(added);
}

void EditorView::setDropWire(const std::optional<Edge>& edge) {
    if (m_dropWire == edge) return;
    if (m_dropWire) {
        if (WireItem* wire = m_scene.wire(*m_dropWire)) wire->setDropTarget(false);
    }
    m_dropWire = edge;
    if (m_dropWire) {
        if (WireItem* wire = m_scene.wire(*m_dropWire)) wire->setDropTarget(true);
    }
}

void EditorView::setDropFeeder(NodeId feeder, QPointF hand) {
    m_dropFeeder = feeder;
    const CardItem* card = feeder == 0 ? nullptr : m_scene.shownCard(feeder);
    m_searchWire.setVisible(card != nullptr);
    if (card == nullptr) return;
    for (const Port& port : card->ports()) {
        if (port.slot < 0) m_searchWire.setEnds(card->pos() + port.place, hand);
    }
}

void EditorView::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasFormat(QLatin1String(kLayerMime))) event->acceptProposedAction();
    else event->ignore();
}

void EditorView::dragMoveEvent(QDragMoveEvent* event) {
    if (!event->mimeData()->hasFormat(QLatin1String(kLayerMime))) {
        event->ignore();
        return;
    }
    const EditorScene::Hit hit = m_scene.hitAt(mapToScene(event->position().toPoint()), m_zoom);
    std::optional<Edge> edge;
    if (hit.kind == EditorScene::Hit::Kind::Wire) edge = hit.edge;
    // Ports are as good as the wire that ends there: the gap between two cards is small.
    if (hit.kind == EditorScene::Hit::Kind::Port) {
        const ModelGraph& graph = m_scene.document().graph();
        const std::vector<Edge> wires = hit.index < 0 ? graph.outputsOf(hit.node) : graph.inputsOf(hit.node);
        for (const Edge& wire : wires) {
            if (hit.index < 0 ? wires.size() == 1 : wire.slot == hit.index) edge = wire;
        }
    }
    if (edge) {
        ModelGraph tried = m_scene.document().graph();
        if (!edits::insertNew(tried, draggedLayer(event->mimeData()).toStdString(), *edge)) edge.reset();
    }
    setDropWire(edge);
    const QPointF hand = mapToScene(event->position().toPoint());
    const bool alone = edge || event->modifiers().testFlag(Qt::ShiftModifier);
    setDropFeeder(alone ? 0 : edits::feederNear(m_scene.document().graph(), draggedLayer(event->mimeData()).toStdString(), cardAt(m_scene, hand)), hand);
    event->acceptProposedAction();
}

void EditorView::dragLeaveEvent(QDragLeaveEvent*) {
    setDropWire({});
    setDropFeeder(0, {});
}

void EditorView::dropEvent(QDropEvent* event) {
    const QString type = draggedLayer(event->mimeData());
    if (findLayerType(type.toStdString()) == nullptr) {
        event->ignore();
        return;
    }
    const std::optional<Edge> edge = m_dropWire;
    const NodeId feeder = m_dropFeeder;
    setDropWire({});
    setDropFeeder(0, {});
    const Point at = cardAt(m_scene, mapToScene(event->position().toPoint()));
    NodeId added = 0;
    const bool done = m_scene.document().edit(tr("Add %1").arg(type), [&](DocumentState& state) {
        if (edge) {
            if (const Result<NodeId> inserted = edits::insertNew(state.graph, type.toStdString(), *edge)) added = *inserted;
        }
        if (added == 0) added = feeder != 0 ? edits::addFed(state.graph, type.toStdString(), feeder, at) : edits::addCard(state.graph, type.toStdString(), at);
        edits::takeDataShape(state.graph, added, m_scene.document().context().sampleShape);
    });
    if (done) m_scene.selectOnly(std::array{added});
    setFocus(Qt::OtherFocusReason);
    event->acceptProposedAction();
}

} // namespace strata::ui
