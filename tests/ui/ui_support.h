// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"
#include "patience.h"
#include "ui/document/graph_document.h"
#include "ui/editor/edits.h"
#include "ui/editor/editor_view.h"

#include <QDropEvent>
#include <QMimeData>
#include <QRandomGenerator>
#include <QTest>

namespace strata::ui::test {

/// A chain of layers with default parameters, one under the other, from the given types.
inline ModelGraph chain(std::initializer_list<const char*> types) {
    ModelGraph graph;
    NodeId last = 0;
    double y = 0;
    for (const char* type : types) {
        const NodeId id = edits::addCard(graph, type, {0, y});
        if (last != 0) (void)graph.connect(last, id);
        last = id;
        y += edits::pitch();
    }
    return graph;
}

inline void setParam(ModelGraph& graph, NodeId id, const char* key, ParamValue value) {
    Node node = *graph.find(id);
    node.params[key] = std::move(value);
    graph.replace(std::move(node));
}

/// Input 28x28x1, convolution, pooling, flatten, dense: ids 1..5.
inline ModelGraph smallNet() {
    ModelGraph graph = chain({"Input", "Conv2D", "MaxPooling2D", "Flatten", "Dense"});
    setParam(graph, 1, "shape", ParamValue::IntList{28, 28, 1});
    return graph;
}

/// Whether a card covers a part of another.
inline bool cardsOverlap(const ModelGraph& graph) {
    for (const auto& a : graph.nodes()) {
        for (const auto& b : graph.nodes()) {
            if (a->id < b->id && std::abs(a->position.x - b->position.x) < edits::cardWidth() &&
                std::abs(a->position.y - b->position.y) < edits::pitch() - 25) return true;
        }
    }
    return false;
}

inline DocumentState stateWith(ModelGraph graph) {
    DocumentState state;
    state.graph = std::move(graph);
    return state;
}

/// Real presses and keys on a canvas, by places of its viewport.
struct Hands {
    GraphDocument& document;
    EditorScene& scene;
    EditorView& view;

    QPoint at(QPointF scenePlace) const { return view.mapFromScene(scenePlace); }
    QPoint card(NodeId id) const { return at(scene.card(id)->pos() + QPointF(40, 26)); }
    QPoint port(NodeId id, int slot) const {
        const CardItem* item = scene.card(id);
        for (const Port& port : item->ports()) {
            if (port.slot == slot) return at(item->pos() + port.place);
        }
        return {};
    }
    /// A place of the canvas where nothing is.
    QPoint empty() const { return {view.width() - 60, view.height() - 60}; }

    void press(QPoint where, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
        QTest::mousePress(view.viewport(), button, keys, where);
    }
    void moveTo(QPoint where, Qt::MouseButton held = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
        // QTest::mouseMove does not tell which buttons are down.
        QMouseEvent event(QEvent::MouseMove, where, view.viewport()->mapToGlobal(where), Qt::NoButton, held, keys);
        QApplication::sendEvent(view.viewport(), &event);
    }
    void release(QPoint where, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
        QTest::mouseRelease(view.viewport(), button, keys, where);
    }
    void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
        press(from, button, keys);
        moveTo((from + to) / 2, button, keys);
        moveTo(to, button, keys);
        release(to, button, keys);
    }
    void click(QPoint where, Qt::KeyboardModifiers keys = {}) {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, keys, where);
    }
    void key(Qt::Key key, Qt::KeyboardModifiers keys = {}) { QTest::keyClick(&view, key, keys); }
    /// What somebody carries comes over the canvas and is let go there.
    void drop(const QMimeData& data, QPoint at, Qt::KeyboardModifiers keys = {}) {
        QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, keys);
        QApplication::sendEvent(view.viewport(), &enter);
        QDragMoveEvent move(at, Qt::CopyAction, &data, Qt::LeftButton, keys);
        QApplication::sendEvent(view.viewport(), &move);
        QDropEvent event(at, Qt::CopyAction, &data, Qt::LeftButton, keys);
        QApplication::sendEvent(view.viewport(), &event);
    }

    /// Cards and wires on the canvas are those of the document, in their places.
    bool mirrorsDocument() const {
        const ModelGraph& graph = document.graph();
        if (scene.cardIds().size() != graph.nodes().size() || scene.wireEdges().size() != graph.edges().size()) return false;
        for (const auto& node : graph.nodes()) {
            if (scene.card(node->id) == nullptr || scene.card(node->id)->pos() != scene.restingPlace(node->id)) return false;
        }
        for (const Edge& edge : graph.edges()) {
            if (scene.wire(edge) == nullptr) return false;
        }
        if (scene.noteIds().size() != graph.notes().size()) return false;
        for (const Note& note : graph.notes()) {
            if (scene.note(note.id)->text() != QString::fromStdString(note.text)) return false;
        }
        for (const Group& group : graph.groups()) {
            const bool folded = group.block && group.folded;
            if (scene.group(group.id) == nullptr || scene.group(group.id)->isVisible() == folded) return false;
            if ((scene.card(-group.id) != nullptr) != folded) return false;
        }
        return true;
    }
};

struct CanvasParts {
    GraphDocument ownDocument;
    EditorScene ownScene{ownDocument};
    EditorView ownView{ownScene};
};

/// A canvas on the screen with a document behind it.
struct Canvas : private CanvasParts, public Hands {
    explicit Canvas(const ModelGraph& graph = smallNet()) : Hands{ownDocument, ownScene, ownView} {
        document.reset(stateWith(graph));
        view.resize(1000, 760);
        view.show();
        (void)QTest::qWaitForWindowActive(&view, test::kPatience);
        view.setFocus();
        view.showFirst();
    }
};

} // namespace strata::ui::test
