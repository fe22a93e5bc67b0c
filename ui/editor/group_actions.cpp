// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/group_actions.h"

#include "engine/graph/names.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/group_edits.h"
#include "ui/editor/text_overlay.h"

#include <QInputDialog>

#include <cmath>

namespace strata::ui {
namespace {

constexpr QSize kNoteField(300, 140);

} // namespace

GroupActions::GroupActions(EditorView& view, EditorActions& actions) : QObject(&actions), m_view(view) {
    const auto make = [&](const char* name, const QString& text, const char* icon, const QString& keys) {
        return actions.make(QLatin1String(name), text, QLatin1String(icon), keys.isEmpty() ? QList<QKeySequence>() : QList<QKeySequence>{QKeySequence(keys)});
    };
    frame = make("frame", tr("Frame"), "frame", tr("Ctrl+G"));
    block = make("block", tr("Block"), "block", tr("Ctrl+Shift+G"));
    ungroup = make("ungroup", tr("Dissolve the frame or block"), "", tr("Ctrl+U"));
    takeOut = make("takeOut", tr("Take out of the frame or block"), "", {});
    fold = make("fold", tr("Fold or open the block"), "", tr("Ctrl+E"));
    repeat = make("repeat", tr("Repeat the block…"), "", tr("Ctrl+R"));
    rename = make("renameGroup", tr("Title of the frame or block"), "", tr("F2"));
    addNote = make("addNote", tr("Add a note"), "", tr("Shift+N"));
    straighten = make("straighten", tr("Straighten"), "", {});
    connect(frame, &QAction::triggered, this, [this] { makeGroup(false); });
    connect(block, &QAction::triggered, this, [this] { makeGroup(true); });
    connect(ungroup, &QAction::triggered, this, &GroupActions::dissolveGroup);
    connect(takeOut, &QAction::triggered, this, &GroupActions::takeOutOfGroup);
    connect(fold, &QAction::triggered, this, [this] { toggleFolded(selectedGroup()); });
    connect(repeat, &QAction::triggered, this, &GroupActions::askRepeat);
    connect(rename, &QAction::triggered, this, [this] { renameGroup(selectedGroup()); });
    connect(addNote, &QAction::triggered, this, &GroupActions::noteHere);
    connect(straighten, &QAction::triggered, this, &GroupActions::straightenWires);
}

GroupId GroupActions::selectedGroup() const {
    const EditorScene& scene = m_view.editor();
    GroupId found = 0;
    for (const NodeId id : scene.selectedNodes()) {
        const Node* node = scene.document().graph().find(id);
        if (node == nullptr || node->group == 0 || (found != 0 && node->group != found)) return 0;
        found = node->group;
    }
    return found;
}

void GroupActions::refresh() {
    const EditorScene& scene = m_view.editor();
    const ModelGraph& graph = scene.document().graph();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    const Group* group = graph.findGroup(selectedGroup());
    frame->setEnabled(!nodes.empty());
    block->setEnabled(!nodes.empty());
    const QString left = leftTitles(nodes);
    const QString leaves = left.isEmpty() ? QString() : tr("; they leave %1").arg(left);
    frame->setToolTip(tr("Draws a frame with a title around the selected cards") + leaves);
    block->setToolTip(edits::frameOf(graph, nodes) != 0 ? tr("Makes the frame %1 a block, which can be folded and repeated").arg(left)
                                                        : tr("Makes the selected cards a block, which can be folded and repeated") + leaves);
    ungroup->setEnabled(group != nullptr);
    rename->setEnabled(group != nullptr);
    fold->setEnabled(group != nullptr && group->block);
    repeat->setEnabled(group != nullptr && group->block);
    takeOut->setEnabled(std::ranges::any_of(nodes, [&](NodeId id) {
        const Node* node = graph.find(id);
        return node != nullptr && node->group != 0;
    }));
    straighten->setEnabled(std::ranges::any_of(scene.selectedWires(), [&](const Edge& edge) { return !graph.bends(edge.from, edge.to).empty(); }));
}

QString GroupActions::leftTitles(const std::vector<NodeId>& nodes) const {
    const ModelGraph& graph = m_view.editor().document().graph();
    QStringList titles;
    for (const NodeId id : nodes) {
        const Node* node = graph.find(id);
        const Group* group = node == nullptr ? nullptr : graph.findGroup(node->group);
        if (group == nullptr) continue;
        const QString title = QStringLiteral("\"%1\"").arg(QString::fromStdString(group->title));
        if (!titles.contains(title)) titles << title;
    }
    return titles.join(QStringLiteral(", "));
}

void GroupActions::makeGroup(bool asBlock) {
    EditorScene& scene = m_view.editor();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    if (nodes.empty()) return;
    if (const GroupId whole = asBlock ? edits::frameOf(scene.document().graph(), nodes) : 0) {
        scene.document().edit(tr("Make a block"), [whole](DocumentState& state) { edits::makeBlock(state.graph, whole); });
        renameGroup(whole);
        return;
    }
    const QString title = asBlock ? tr("Block") : tr("Frame");
    const QString left = leftTitles(nodes);
    GroupId made = 0;
    scene.document().edit(asBlock ? tr("Make a block") : tr("Frame"), [&](DocumentState& state) {
        made = edits::groupCards(state.graph, nodes, title.toStdString(), asBlock);
    });
    if (made == 0) return;
    if (!left.isEmpty()) {
        Q_EMIT m_view.actions().message(asBlock ? tr("The block's cards have left %1: frames and blocks do not lie in each other.").arg(left)
                                                : tr("The frame's cards have left %1: frames and blocks do not lie in each other.").arg(left));
    }
    renameGroup(made);
}

void GroupActions::dissolveGroup() {
    const GroupId id = selectedGroup();
    GraphDocument& document = m_view.editor().document();
    if (document.graph().findGroup(id) == nullptr) return;
    const std::vector<NodeId> members = document.graph().membersOf(id);
    document.edit(tr("Dissolve a frame"), [&](DocumentState& state) {
        edits::setFolded(state.graph, id, false);
        state.graph.removeGroup(id);
    });
    m_view.editor().selectOnly(members);
}

void GroupActions::takeOutOfGroup() {
    const std::vector<NodeId> nodes = m_view.editor().selectedNodes();
    m_view.editor().document().edit(tr("Take out of a frame"), [&](DocumentState& state) {
        for (const NodeId id : nodes) state.graph.setGroup(id, 0);
    });
}

void GroupActions::toggleFolded(GroupId id) {
    GraphDocument& document = m_view.editor().document();
    const Group* group = document.graph().findGroup(id);
    if (group == nullptr || !group->block) return;
    const bool folds = !group->folded;
    const std::vector<NodeId> members = document.graph().membersOf(id);
    document.edit(folds ? tr("Fold") : tr("Open"), [&](DocumentState& state) { edits::setFolded(state.graph, id, folds); });
    m_view.editor().selectOnly(members);
}

void GroupActions::askRepeat() {
    GraphDocument& document = m_view.editor().document();
    const GroupId id = selectedGroup();
    const Group* group = document.graph().findGroup(id);
    if (group == nullptr || !group->block) return;
    bool ok = false;
    const int times = QInputDialog::getInt(&m_view, tr("Repeat the block"), tr("So many copies, one after the other, each with weights of its own:"),
                                           static_cast<int>(group->repeat), 1, static_cast<int>(Group::kMostRepeats), 1, &ok);
    if (!ok) return;
    document.edit(tr("Repeat a block"), [&](DocumentState& state) {
        const Group* now = state.graph.findGroup(id);
        if (now == nullptr) return;
        Group other = *now;
        other.repeat = times;
        state.graph.replaceGroup(std::move(other));
    });
}

void GroupActions::renameGroup(GroupId id) {
    EditorScene& scene = m_view.editor();
    const Group* group = scene.document().graph().findGroup(id);
    if (group == nullptr) return;
    const GroupItem* item = scene.group(id);
    const CardItem* folded = group->folded ? scene.card(-id) : nullptr;
    const QRectF bar = folded != nullptr ? folded->cardRect().translated(folded->pos()) : item->titleBar();
    const QRect place(m_view.mapFromScene(bar.topLeft()), QSize(std::clamp(static_cast<int>(bar.width() * m_view.zoom()), 160, 400), 30));
    m_view.textOverlay().open(place, QString::fromStdString(group->title), true, [this, id](const QString& title) {
        GraphDocument& document = m_view.editor().document();
        if (const Result<> allowed = checkTitle(title.toStdString()); !allowed) {
            Q_EMIT m_view.actions().message(QString::fromStdString(allowed.error().message));
            return;
        }
        document.edit(tr("Title"), [&](DocumentState& state) {
            const Group* now = state.graph.findGroup(id);
            if (now == nullptr || title.isEmpty()) return;
            Group other = *now;
            other.title = title.toStdString();
            state.graph.replaceGroup(std::move(other));
        });
    });
}

void GroupActions::noteHere() {
    const QPointF at = m_view.handPlace();
    const Point place = m_view.editor().map().toDocument(at);
    m_view.textOverlay().open(QRect(m_view.mapFromScene(at), kNoteField), {}, false, [this, place](const QString& words) {
        if (words.trimmed().isEmpty()) return;
        NoteId made = 0;
        m_view.editor().document().edit(tr("Add a note"), [&](DocumentState& state) {
            made = state.graph.addNote({.text = words.toStdString(), .position = {std::round(place.x), std::round(place.y)}});
        });
        m_view.editor().selectOnly({});
        m_view.editor().selectNotes(std::array{made});
    });
}

void GroupActions::editNote(NoteId id) {
    const EditorScene& scene = m_view.editor();
    const Note* note = scene.document().graph().findNote(id);
    if (note == nullptr) return;
    const QRectF rect = scene.noteRect(id);
    const QSize size(std::max(kNoteField.width(), static_cast<int>(rect.width() * m_view.zoom())),
                     std::max(kNoteField.height(), static_cast<int>(rect.height() * m_view.zoom())));
    m_view.textOverlay().open(QRect(m_view.mapFromScene(rect.topLeft()), size), QString::fromStdString(note->text), false, [this, id](const QString& words) {
        m_view.editor().document().edit(words.trimmed().isEmpty() ? tr("Delete a note") : tr("Change a note"), [&](DocumentState& state) {
            const Note* now = state.graph.findNote(id);
            if (now == nullptr) return;
            if (words.trimmed().isEmpty()) {
                state.graph.removeNote(id);
                return;
            }
            Note other = *now;
            other.text = words.toStdString();
            state.graph.replaceNote(std::move(other));
        });
    });
}

void GroupActions::removeBend(const Edge& edge, int bend) {
    m_view.editor().document().edit(tr("Lead a wire"), [&](DocumentState& state) {
        const std::span<const Point> all = state.graph.bends(edge.from, edge.to);
        std::vector<Point> points(all.begin(), all.end());
        if (bend < 0 || static_cast<std::size_t>(bend) >= points.size()) return;
        points.erase(points.begin() + bend);
        state.graph.setBends(edge.from, edge.to, std::move(points));
    });
}

void GroupActions::straightenWires() {
    const std::vector<Edge> wires = m_view.editor().selectedWires();
    m_view.editor().document().edit(tr("Straighten"), [&](DocumentState& state) {
        for (const Edge& edge : wires) state.graph.setBends(edge.from, edge.to, {});
    });
}

} // namespace strata::ui
