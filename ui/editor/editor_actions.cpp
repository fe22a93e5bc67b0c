// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editor/editor_actions.h"

#include "engine/graph/bypass.h"
#include "engine/graph/layout.h"
#include "ui/document/clipboard.h"
#include "ui/document/extent.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"
#include "ui/editor/free_room.h"
#include "ui/editor/group_actions.h"
#include "ui/editor/mini_map.h"
#include "ui/look/icons.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

#include <cmath>
#include <functional>

namespace strata::ui {
namespace {

constexpr int kBeside = 60, kAround = 20; ///< of a copy: to the next column, and clear on all sides

} // namespace

EditorActions::EditorActions(EditorView& view) : QObject(&view), m_view(view) {
    const auto keys = [](auto... all) { return QList<QKeySequence>{QKeySequence(all)...}; };
    addLayer = make(QStringLiteral("addLayer"), tr("Add a layer…"), QStringLiteral("plus"), keys(tr("Shift+A")));
    cut = make(QStringLiteral("cut"), tr("Cut"), {}, keys(QKeySequence::Cut));
    copy = make(QStringLiteral("copy"), tr("Copy"), QStringLiteral("copy"), keys(QKeySequence::Copy));
    paste = make(QStringLiteral("paste"), tr("Paste"), QStringLiteral("paste"), keys(QKeySequence::Paste));
    pasteKeeping = make(QStringLiteral("pasteKeeping"), tr("Paste with its incoming wires"), {}, keys(tr("Ctrl+Shift+V")));
    duplicate = make(QStringLiteral("duplicate"), tr("Duplicate"), QStringLiteral("duplicate"), keys(tr("Ctrl+D")));
    remove = make(QStringLiteral("remove"), tr("Delete"), QStringLiteral("trash"), keys(Qt::Key_Delete, Qt::Key_Backspace));
    dissolve = make(QStringLiteral("dissolve"), tr("Delete, keep the chain connected"), {}, keys(tr("Ctrl+Shift+Del")));
    disconnectWires = make(QStringLiteral("disconnect"), tr("Disconnect"), {}, {});
    freeze = make(QStringLiteral("freeze"), tr("Freeze its weights"), QStringLiteral("frozen"), {});
    freeze->setCheckable(true);
    bypass = make(QStringLiteral("bypass"), tr("Bypass"), QStringLiteral("bypassed"), keys(tr("Ctrl+B")));
    bypass->setCheckable(true);
    selectAll = make(QStringLiteral("selectAll"), tr("Select all"), {}, keys(QKeySequence::SelectAll));
    layOut = make(QStringLiteral("layOut"), tr("Lay out"), QStringLiteral("layout"), keys(tr("Ctrl+L")));
    fitSelection = make(QStringLiteral("fitSelection"), tr("Fit the selection"), QStringLiteral("fit"), keys(Qt::Key_F));
    fitAll = make(QStringLiteral("fitAll"), tr("Fit all"), QStringLiteral("fit"), keys(Qt::Key_Home));
    zoomIn = make(QStringLiteral("zoomIn"), tr("Zoom in"), {}, keys(QKeySequence::ZoomIn, tr("Ctrl+=")));
    zoomOut = make(QStringLiteral("zoomOut"), tr("Zoom out"), {}, keys(QKeySequence::ZoomOut));
    zoomReset = make(QStringLiteral("zoomReset"), tr("Zoom to 100 %"), {}, keys(tr("Ctrl+0")));

    addSettings();
    addArrows();
    groups = new GroupActions(view, *this);

    EditorScene& scene = view.editor();
    connect(addLayer, &QAction::triggered, this, [this] { m_view.searchAfterSelected(m_view.handPlace()); });
    connect(copy, &QAction::triggered, this, &EditorActions::copySelection);
    connect(cut, &QAction::triggered, this, [this] {
        copySelection();
        removeSelection(tr("Cut"));
    });
    connect(paste, &QAction::triggered, this, [this] { pasteAt(false); });
    connect(pasteKeeping, &QAction::triggered, this, [this] { pasteAt(true); });
    connect(duplicate, &QAction::triggered, this, &EditorActions::duplicateSelection);
    connect(remove, &QAction::triggered, this, [this] { removeSelection(tr("Delete")); });
    connect(dissolve, &QAction::triggered, this, &EditorActions::dissolveSelection);
    connect(disconnectWires, &QAction::triggered, this, &EditorActions::disconnectSelection);
    connect(freeze, &QAction::triggered, this, &EditorActions::toggleFrozen);
    connect(bypass, &QAction::triggered, this, &EditorActions::toggleBypassed);
    connect(selectAll, &QAction::triggered, &scene, &EditorScene::selectAll);
    connect(layOut, &QAction::triggered, this, &EditorActions::layOutCards);
    connect(fitSelection, &QAction::triggered, &view, &EditorView::fitSelection);
    connect(fitAll, &QAction::triggered, &view, &EditorView::fitAll);
    connect(zoomIn, &QAction::triggered, &view, [this] { m_view.zoomBy(1.25); });
    connect(zoomOut, &QAction::triggered, &view, [this] { m_view.zoomBy(1 / 1.25); });
    connect(zoomReset, &QAction::triggered, &view, [this] { m_view.setZoom(1.0, m_view.viewport()->rect().center()); });
    connect(&scene, &QGraphicsScene::selectionChanged, this, &EditorActions::refresh);
    connect(&scene, &EditorScene::contentChanged, this, &EditorActions::refresh);
    refresh();
}

void EditorActions::addSettings() {
    overview = make(QStringLiteral("overview"), tr("Overview of the drawing"), {}, {Qt::Key_M});
    overview->setCheckable(true);
    connect(overview, &QAction::triggered, this, [this] { m_view.miniMap().toggle(); });
    const auto setting = [this](const QString& name, const QString& text, bool CanvasSettings::*field) {
        QAction* action = make(name, text, {}, {});
        action->setCheckable(true);
        action->setChecked(m_view.settings().*field);
        connect(action, &QAction::toggled, this, [this, field](bool on) {
            CanvasSettings settings = m_view.settings();
            settings.*field = on;
            m_view.setSettings(settings);
        });
        return action;
    };
    leftDragPans = setting(QStringLiteral("leftDragPans"), tr("Left drag pans the canvas"), &CanvasSettings::leftDragPans);
    leftToRight = setting(QStringLiteral("leftToRight"), tr("Data flow from left to right"), &CanvasSettings::leftToRight);
    tabAdds = setting(QStringLiteral("tabAdds"), tr("Tab searches for a layer"), &CanvasSettings::tabAdds);
    mapsBeside = setting(QStringLiteral("mapsBeside"), tr("Feature maps beside the cards"), &CanvasSettings::mapsBeside);
    snaps = setting(QStringLiteral("snaps"), tr("Snap cards to each other"), &CanvasSettings::snaps);
    allChips = setting(QStringLiteral("allChips"), tr("Size of the updates on all cards"), &CanvasSettings::allChips);
}

/// What the arrows do, each a command, so that other keys can be chosen for it.
void EditorActions::addArrows() {
    struct Way {
        const char* name;
        Qt::Key key;
        QString walk, nudge, connect;
    };
    const Way ways[] = {{"Up", Qt::Key_Up, tr("To the card above"), tr("Nudge up"), tr("Connect with the next card above")},
                        {"Down", Qt::Key_Down, tr("To the card below"), tr("Nudge down"), tr("Connect with the next card below")},
                        {"Left", Qt::Key_Left, tr("To the card at the left"), tr("Nudge left"), tr("Connect with the next card at the left")},
                        {"Right", Qt::Key_Right, tr("To the card at the right"), tr("Nudge right"), tr("Connect with the next card at the right")}};
    const auto add = [this](const char* what, const Way& way, const QString& text, Qt::KeyboardModifiers with, void (EditorView::*act)(Qt::Key)) {
        QAction* action = makeBare(QLatin1String(what) + QLatin1String(way.name), text, {QKeySequence(QKeyCombination(with, way.key))});
        connect(action, &QAction::triggered, &m_view, [this, act, key = way.key] { std::invoke(act, m_view, key); });
        return action;
    };
    for (const Way& way : ways) add("walk", way, way.walk, Qt::NoModifier, &EditorView::walk);
    for (const Way& way : ways) m_nudges.push_back(add("nudge", way, way.nudge, Qt::ShiftModifier, &EditorView::nudge));
    for (const Way& way : ways) {
        QAction* action = add("connect", way, way.connect, Qt::ControlModifier, &EditorView::connectToNext);
        m_ofCards.push_back(action);
        if (way.key == Qt::Key_Down) connectOnwards = action;
    }
    fields = makeBare(QStringLiteral("fields"), tr("To the first field of the card"), {Qt::Key_Return, Qt::Key_Enter});
    connect(fields, &QAction::triggered, &m_view, [this] {
        const std::vector<NodeId> nodes = m_view.editor().selectedNodes();
        if (nodes.size() == 1) Q_EMIT m_view.fieldsRequested(nodes.front());
    });
}

/// With a key that lists and fields over the canvas need for themselves: it is the canvas's only while that has the focus.
QAction* EditorActions::makeBare(const QString& name, const QString& text, const QList<QKeySequence>& keys) {
    QAction* action = make(name, text, {}, keys);
    action->setShortcutContext(Qt::WidgetShortcut);
    return action;
}

QAction* EditorActions::make(const QString& name, const QString& text, const QString& iconName,
                             const QList<QKeySequence>& keys) {
    auto* action = new QAction(text, this);
    action->setObjectName(name);
    if (!iconName.isEmpty()) action->setIcon(icon(iconName));
    action->setShortcuts(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_view.addAction(action);
    return action;
}

bool EditorActions::triggerKey(QKeyCombination key) {
    const QKeySequence pressed(key);
    for (QAction* action : m_view.QWidget::actions()) {
        if (!action->isEnabled() || !action->shortcuts().contains(pressed)) continue;
        m_view.setFocus(Qt::ShortcutFocusReason);
        action->trigger();
        return true;
    }
    return false;
}

void EditorActions::refresh() {
    const EditorScene& scene = m_view.editor();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    const bool cards = !nodes.empty();
    const bool wires = !scene.selectedWires().empty();
    const bool notes = !scene.selectedNotes().empty();
    dissolve->setEnabled(cards);
    for (QAction* action : m_ofCards) action->setEnabled(cards);
    for (QAction* action : m_nudges) action->setEnabled(cards || notes);
    fields->setEnabled(nodes.size() == 1);
    for (QAction* action : {cut, copy, duplicate}) action->setEnabled(cards || notes);
    remove->setEnabled(cards || wires || notes);
    disconnectWires->setEnabled(cards || wires);
    freeze->setEnabled(cards);
    bypass->setEnabled(cards);
    bool frozen = cards, bypassed = cards;
    for (const NodeId id : nodes) {
        const Node* node = scene.document().graph().find(id);
        if (node != nullptr) frozen = frozen && !node->trainable;
        if (node != nullptr) bypassed = bypassed && node->bypassed;
    }
    freeze->setChecked(frozen);
    bypass->setChecked(bypassed);
    groups->refresh();
}

void EditorActions::copySelection() {
    const EditorScene& scene = m_view.editor();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    const std::vector<NoteId> notes = scene.selectedNotes();
    if (nodes.empty() && notes.empty()) return;
    QGuiApplication::clipboard()->setText(toClipboardText(fragmentOf(scene.document().graph(), nodes, notes)));
}

void EditorActions::pasteAt(bool keepIncoming) {
    const Result<Fragment> fragment = fromClipboardText(QGuiApplication::clipboard()->text());
    if (!fragment) {
        Q_EMIT message(QString::fromStdString(fragment.error().message));
        return;
    }
    EditorScene& scene = m_view.editor();
    const Point at = scene.map().toDocument(m_view.handPlace());
    (void)put(tr("Paste"), *fragment, at, keepIncoming);
}

std::optional<Pasted> EditorActions::put(const QString& text, const Fragment& fragment, Point at, bool keepIncoming) {
    EditorScene& scene = m_view.editor();
    Result<Pasted> added = Pasted{};
    scene.document().edit(text, [&](DocumentState& state) {
        added = ui::paste(state.graph, fragment, {std::round(at.x), std::round(at.y)}, keepIncoming);
    });
    if (!added) {
        Q_EMIT message(QString::fromStdString(added.error().message));
        return {};
    }
    scene.selectOnly(added->nodes);
    scene.selectNotes(added->notes);
    return *added;
}

void EditorActions::duplicateSelection() {
    EditorScene& scene = m_view.editor();
    const ModelGraph& graph = scene.document().graph();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    const std::vector<NoteId> notes = scene.selectedNotes();
    if (nodes.empty() && notes.empty()) return;
    QRectF originals = scene.cardsRect(nodes);
    for (const NoteId id : notes) originals |= scene.noteRect(id);
    Extent extent;
    for (const NodeId id : nodes) extent.reach(graph.find(id)->position);
    for (const NoteId id : notes) extent.reach(graph.findNote(id)->position);
    const QRectF seen = m_view.mapToScene(m_view.viewport()->rect()).boundingRect();
    const auto& card = scene.look().metrics.card;
    const QPointF shift = freeShift(originals, scene.takenRects(), seen, {(card.width + kBeside) / 4.0, (card.height + card.gap) / 2.0}, kAround);
    const Point beside = scene.map().toDocument(scene.map().toScene(extent.topCentre()) + shift);
    const std::optional<Pasted> added = put(tr("Duplicate"), fragmentOf(graph, nodes, notes), beside, false);
    if (!added) return;
    QRectF copies = scene.cardsRect(added->nodes);
    for (const NoteId id : added->notes) copies |= scene.noteRect(id);
    if (!seen.contains(copies)) m_view.ensureVisible(copies, kAround, kAround);
}

void EditorActions::removeSelection(const QString& text) {
    EditorScene& scene = m_view.editor();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    const std::vector<Edge> wires = scene.selectedWires();
    const std::vector<NoteId> notes = scene.selectedNotes();
    if (nodes.empty() && wires.empty() && notes.empty()) return;
    scene.document().edit(text, [&](DocumentState& state) {
        edits::removeAll(state.graph, nodes, wires);
        for (const NoteId id : notes) state.graph.removeNote(id);
    });
}

void EditorActions::dissolveSelection() {
    EditorScene& scene = m_view.editor();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    if (nodes.empty()) return;
    scene.document().edit(tr("Dissolve"), [&](DocumentState& state) { edits::dissolveAll(state.graph, nodes); });
}

void EditorActions::disconnectSelection() {
    EditorScene& scene = m_view.editor();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    const std::vector<Edge> wires = scene.selectedWires();
    scene.document().edit(tr("Disconnect"), [&](DocumentState& state) {
        if (nodes.empty()) edits::removeAll(state.graph, {}, wires);
        for (const NodeId id : nodes) edits::disconnectAll(state.graph, id);
    });
}

void EditorActions::toggleFrozen() {
    EditorScene& scene = m_view.editor();
    const bool frozen = freeze->isChecked();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    scene.document().edit(frozen ? tr("Freeze") : tr("Unfreeze"), [&](DocumentState& state) {
        for (const NodeId id : nodes) {
            Node node = *state.graph.find(id);
            node.trainable = !frozen;
            state.graph.replace(std::move(node));
        }
    });
}

void EditorActions::toggleBypassed() {
    EditorScene& scene = m_view.editor();
    GraphDocument& document = scene.document();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    const bool bypassed = bypass->isChecked();
    const Result<> allowed = bypassed ? canBypass(document.graph(), nodes, document.context()) : Result<>();
    if (allowed) {
        document.edit(bypassed ? tr("Bypass") : tr("No longer bypass"),
                      [&](DocumentState& state) { setBypassed(state.graph, nodes, bypassed); });
    } else {
        Q_EMIT message(QString::fromStdString(allowed.error().message));
    }
    refresh();
}

void EditorActions::layOutCards() {
    EditorScene& scene = m_view.editor();
    const std::vector<NodeId> nodes = scene.selectedNodes();
    const std::vector<NodeId> only = nodes.size() > 1 ? nodes : std::vector<NodeId>{};
    scene.slideNextMoves(true);
    scene.document().edit(tr("Lay out"), [&](DocumentState& state) {
        state.graph = strata::layOut(state.graph, {}, only);
    });
    scene.slideNextMoves(false);
    // What is selected is not laid out of sight.
    const QRectF cards = scene.cardsRect(nodes);
    if (!nodes.empty() && !m_view.mapToScene(m_view.viewport()->rect()).boundingRect().contains(cards)) m_view.ensureVisible(cards, kAround, kAround);
}

void EditorActions::fillCardMenu(QMenu& menu) const {
    menu.addActions({cut, copy, paste, duplicate});
    menu.addSeparator();
    menu.addActions({bypass, freeze, disconnectWires});
    menu.addSeparator();
    menu.addActions({groups->frame, groups->block});
    for (QAction* action : {groups->fold, groups->repeat, groups->rename, groups->takeOut, groups->ungroup}) {
        if (action->isEnabled()) menu.addAction(action);
    }
    menu.addSeparator();
    menu.addActions({layOut, fitSelection});
    menu.addSeparator();
    menu.addActions({remove, dissolve});
}

void EditorActions::fillWireMenu(QMenu& menu) const {
    menu.addActions({disconnectWires});
    if (groups->straighten->isEnabled()) menu.addAction(groups->straighten);
}

void EditorActions::fillNoteMenu(QMenu& menu) const {
    menu.addActions({cut, copy, duplicate});
    menu.addSeparator();
    menu.addAction(remove);
}

void EditorActions::fillCanvasMenu(QMenu& menu) const {
    menu.addActions({addLayer, groups->addNote});
    menu.addSeparator();
    menu.addActions({paste, pasteKeeping, selectAll});
    menu.addSeparator();
    menu.addActions({layOut, fitAll, zoomIn, zoomOut, zoomReset, overview});
}

} // namespace strata::ui
