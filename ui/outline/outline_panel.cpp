// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/outline/outline_panel.h"

#include "engine/graph/names.h"
#include "ui/document/graph_document.h"
#include "ui/document/repair_book.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"
#include "ui/editor/group_actions.h"
#include "ui/editor/layer_search.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"

#include <QHeaderView>
#include <QInputDialog>
#include <QKeyEvent>
#include <QMenu>
#include <QScopedValueRollback>
#include <QToolTip>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

constexpr int kWithTypes = 430, kScrollBar = 10;
constexpr int kLetters = 8, kAround = 14; ///< of a name that are always in sight, and the room beside icon and letters

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

OutlinePanel::OutlinePanel(EditorView& view, QWidget* parent) : QWidget(parent), m_view(view), m_document(view.editor().document()) {
    setProperty("surface", "panel");
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_tree = new QTreeWidget;
    m_tree->setObjectName(QStringLiteral("outline"));
    m_tree->setAccessibleName(tr("Outline"));
    m_tree->setAccessibleDescription(tr("The layers in the order of the data, then the notes. Enter opens the first field or the note, F2 renames, Insert adds a layer after, "
                                        "Delete removes."));
    m_tree->setToolTip(tr("Enter: first field or the note, F2: rename, Insert: add after, Delete: remove"));
    m_tree->setColumnCount(4);
    m_tree->setHeaderLabels({tr("Layer"), tr("Type"), tr("Output"), tr("Parameters")});
    m_tree->headerItem()->setTextAlignment(ParametersColumn, Qt::AlignRight | Qt::AlignVCenter);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(QHeaderView::Fixed);
    m_tree->setTextElideMode(Qt::ElideMiddle);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_tree->setUniformRowHeights(true);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->installEventFilter(this);
    m_tree->viewport()->installEventFilter(this);
    m_tree->header()->installEventFilter(this);
    column->addWidget(m_tree);
    measureColumns();

    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &OutlinePanel::takeSelection);
    connect(m_tree, &QTreeWidget::itemChanged, this, &OutlinePanel::renamed);
    connect(m_tree, &QTreeWidget::itemDoubleClicked, this, &OutlinePanel::activated);
    for (const auto opened : {&QTreeWidget::itemExpanded, &QTreeWidget::itemCollapsed}) connect(m_tree, opened, this, [this] {
        if (!m_filling) measureColumns();
    });
    connect(m_tree, &QWidget::customContextMenuRequested, this, &OutlinePanel::showMenu);
    connect(&view.editor(), &QGraphicsScene::selectionChanged, this, &OutlinePanel::showSelection);
    connect(&m_document, &GraphDocument::analysed, this, [this] {
        m_stale = true;
        if (isVisible()) rebuild();
    });
    connect(&m_document, &GraphDocument::changed, this, [this](const GraphDiff& diff) {
        if (!diff.places || !diff.onlyMoves()) return; // else analysed() follows
        m_stale = true;
        if (isVisible()) rebuild();
    });
    connect(&m_document, &GraphDocument::replaced, this, [this] {
        m_stale = true; // analysed() follows
        forget();
    });
}

void OutlinePanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) rebuild();
    else showSelection();
}

void OutlinePanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    showTypes();
}

void OutlinePanel::showTypes() {
    m_tree->setColumnHidden(TypeColumn, width() < kWithTypes * currentTheme().fontScale);
    shareRoom();
}

int OutlinePanel::widthOf(Column column) const {
    // Of a tree this is not for everybody, of a view it is.
    const QAbstractItemView& view = *m_tree;
    return std::max(view.sizeHintForColumn(column), m_tree->header()->sectionSizeHint(column));
}

int OutlinePanel::wantedWidth() const {
    return widthOf(NameColumn) + widthOf(OutputColumn) + widthOf(ParametersColumn) + kScrollBar;
}

/// An icon and a few letters, below the title of a frame or block, too.
int OutlinePanel::leastName() const {
    const int icon = m_tree->style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, m_tree);
    return m_tree->indentation() * (m_groups.empty() ? 1 : 2) + icon + kLetters * m_tree->fontMetrics().averageCharWidth() + kAround;
}

/// No figure is cut off. Columns that fit their contents by themselves would be measured with every row that changes.
void OutlinePanel::measureColumns() {
    for (const Column column : {TypeColumn, OutputColumn, ParametersColumn}) m_tree->header()->resizeSection(column, widthOf(column));
    m_tree->setMinimumWidth(leastName() + widthOf(OutputColumn) + widthOf(ParametersColumn) + kScrollBar);
    shareRoom();
}

/// The names get what the other columns leave; where that is too little to read them, the tree scrolls sideways.
void OutlinePanel::shareRoom() {
    QHeaderView& header = *m_tree->header();
    const int others = header.length() - header.sectionSize(NameColumn);
    header.resizeSection(NameColumn, std::max(leastName(), m_tree->viewport()->width() - others));
}

QTreeWidgetItem* OutlinePanel::row(NodeId id) const {
    const auto it = m_rows.find(id);
    return it == m_rows.end() ? nullptr : it->second.item;
}

OutlinePanel::Kind OutlinePanel::kindOf(const QTreeWidgetItem& item) {
    return static_cast<Kind>(item.data(NameColumn, KindRole).toInt());
}

NodeId OutlinePanel::nodeOf(const QTreeWidgetItem& item) {
    return item.data(NameColumn, NodeRole).toLongLong();
}

NoteId OutlinePanel::noteOf(const QTreeWidgetItem& item) {
    return item.data(NameColumn, NoteRole).toLongLong();
}

void OutlinePanel::takeSelection() {
    if (m_filling) return;
    const QScopedValueRollback filling(m_filling, true), taking(m_taking, true);
    std::set<NodeId> nodes;
    std::vector<NoteId> notes;
    for (const QTreeWidgetItem* item : m_tree->selectedItems()) {
        if (kindOf(*item) == Kind::Note) notes.push_back(noteOf(*item));
        else if (kindOf(*item) != Kind::Group) nodes.insert(nodeOf(*item));
        else for (int i = 0; i < item->childCount(); ++i) nodes.insert(nodeOf(*item->child(i)));
    }
    m_chosen.assign(nodes.begin(), nodes.end());
    m_view.editor().selectOnly(m_chosen);
    m_view.editor().selectNotes(notes);
    m_seen = m_view.editor().selectedNodes();
    if (m_chosen.size() != 1) return;
    m_view.reveal(m_chosen.front());
    if (choseInFolded()) Q_EMIT foldedCardChosen(m_chosen.front());
}

bool OutlinePanel::choseInFolded() const {
    return std::ranges::any_of(m_chosen, [this](NodeId id) { return m_view.editor().foldedIn(id) != 0; });
}

void OutlinePanel::renamed(QTreeWidgetItem* item, int column) {
    if (m_filling || column != NameColumn) return;
    const QString name = item->text(NameColumn).trimmed();
    if (kindOf(*item) == Kind::Group) renameGroup(*item, name);
    else if (kindOf(*item) == Kind::Card) renameCard(*item, name);
}

void OutlinePanel::renameCard(QTreeWidgetItem& item, const QString& name) {
    const NodeId id = nodeOf(item);
    const Node* node = m_document.graph().find(id);
    if (node == nullptr) return;
    const QString before = words(node->name);
    if (const Result<> allowed = checkName(m_document.graph(), id, name.toStdString()); !allowed || name == before) {
        takeBack(item, before, allowed ? QString() : words(allowed.error().message));
        return;
    }
    // The edit may rebuild the rows, and the editor of this one is still open.
    const auto rename = [this, id, name] {
        m_document.edit(tr("Rename to %1").arg(name), [&](DocumentState& state) {
            const Node* now = state.graph.find(id);
            if (now == nullptr) return; // undone in between
            Node other = *now;
            other.name = name.toStdString();
            state.graph.replace(std::move(other));
        });
    };
    QMetaObject::invokeMethod(this, rename, Qt::QueuedConnection);
}

void OutlinePanel::renameGroup(QTreeWidgetItem& item, const QString& title) {
    const GroupId id = item.data(NameColumn, GroupRole).toLongLong();
    const Group* group = m_document.graph().findGroup(id);
    if (group == nullptr) return;
    if (const Result<> allowed = checkTitle(title.toStdString()); !allowed) {
        takeBack(item, words(group->title), words(allowed.error().message));
        return;
    }
    const auto rename = [this, id, title] {
        m_document.edit(tr("Rename to %1").arg(title), [&](DocumentState& state) {
            const Group* now = state.graph.findGroup(id);
            if (now == nullptr) return;
            Group other = *now;
            other.title = title.toStdString();
            state.graph.replaceGroup(std::move(other));
        });
    };
    QMetaObject::invokeMethod(this, rename, Qt::QueuedConnection);
}

/// The row says again what is so, and a sentence why.
void OutlinePanel::takeBack(QTreeWidgetItem& item, const QString& before, const QString& why) {
    const QScopedValueRollback filling(m_filling, true);
    item.setText(NameColumn, before);
    if (why.isEmpty()) return;
    QToolTip::showText(m_tree->viewport()->mapToGlobal(m_tree->visualItemRect(&item).bottomLeft()), why, m_tree);
    Q_EMIT m_view.actions().message(why);
}

void OutlinePanel::activated(QTreeWidgetItem* item) {
    switch (kindOf(*item)) {
    case Kind::Card: Q_EMIT m_view.fieldsRequested(nodeOf(*item)); return;
    case Kind::Wire: {
        const NodeId from = item->data(NameColumn, FromRole).toLongLong();
        m_view.editor().selectOnly(std::array{from});
        m_view.reveal(from);
        return;
    }
    case Kind::Problem: offerRepairs(*item); return;
    case Kind::Group: item->setExpanded(!item->isExpanded()); return;
    case Kind::Note:
        m_view.ensureVisible(m_view.editor().noteRect(noteOf(*item)));
        m_view.actions().groups->editNote(noteOf(*item));
        return;
    }
}

void OutlinePanel::offerRepairs(const QTreeWidgetItem& item) {
    const std::size_t index = item.data(NameColumn, ProblemRole).toULongLong();
    if (index >= m_document.report().problems.size()) return;
    const Problem problem = m_document.report().problems[index];
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("outlineRepairs"));
    RepairBook& book = m_document.repairBook();
    connect(&book, &RepairBook::found, &menu, [&](const Problem& found) {
        if (found == problem) fillRepairs(menu, *book.known(problem));
    });
    if (const std::vector<Repair>* known = book.known(problem)) fillRepairs(menu, *known);
    else menu.addAction(tr("Looking for repairs…"))->setEnabled(false);
    book.seek(problem);
    connect(&menu, &QMenu::aboutToHide, this, [this] { m_document.preview(nullptr); });
    menu.exec(m_tree->viewport()->mapToGlobal(m_tree->visualItemRect(&item).bottomLeft()));
}

void OutlinePanel::fillRepairs(QMenu& menu, const std::vector<Repair>& repairs) {
    menu.clear();
    for (const Repair& repair : repairs) {
        const QString label = words(repair.label), consequence = words(repair.consequence);
        QAction* action = menu.addAction(icon(QStringLiteral("repair")), consequence.isEmpty() ? label : tr("%1 (%2)").arg(label, consequence));
        connect(action, &QAction::hovered, this, [this, repair] { m_document.preview(&repair); });
        connect(action, &QAction::triggered, this, [this, repair] { m_document.applyRepair(repair); });
    }
    if (menu.isEmpty()) menu.addAction(tr("Only you can know how to mend this"))->setEnabled(false);
}

bool OutlinePanel::key(int key, Qt::KeyboardModifiers modifiers) {
    QTreeWidgetItem* item = m_tree->currentItem();
    if (item == nullptr) return false;
    const bool card = kindOf(*item) == Kind::Card;
    const bool plain = (modifiers & ~Qt::KeypadModifier) == Qt::NoModifier;
    const QKeySequence pressed(QKeyCombination(modifiers & ~Qt::KeypadModifier, static_cast<Qt::Key>(key)));
    const auto means = [&pressed](const QAction* action) { return action->shortcuts().contains(pressed); };
    const EditorActions& actions = m_view.actions();
    if (plain && (key == Qt::Key_Return || key == Qt::Key_Enter)) activated(item);
    else if (means(actions.remove)) removeCurrent();
    else if (plain && key == Qt::Key_Insert) addAfter();
    else if (means(actions.dissolve) && card) dissolveChosen();
    else if (means(actions.connectOnwards) && card) actions.connectOnwards->trigger();
    else return false;
    return true;
}

bool OutlinePanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_tree && event->type() == QEvent::KeyPress) {
        const auto* press = static_cast<QKeyEvent*>(event);
        if (key(press->key(), press->modifiers())) return true;
    }
    if (watched == m_tree->viewport() && event->type() == QEvent::Resize) shareRoom();
    const bool words = event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange;
    if (words && (watched == m_tree || watched == m_tree->header())) {
        const auto measure = [this] {
            showTypes();
            measureColumns();
        };
        QMetaObject::invokeMethod(this, measure, Qt::QueuedConnection); // when they have them
    }
    return QWidget::eventFilter(watched, event);
}

void OutlinePanel::removeCurrent() {
    const QTreeWidgetItem* item = m_tree->currentItem();
    if (kindOf(*item) == Kind::Card || kindOf(*item) == Kind::Group || kindOf(*item) == Kind::Note) {
        removeChosen();
        return;
    }
    if (kindOf(*item) != Kind::Wire) return;
    const Edge edge{item->data(NameColumn, FromRole).toLongLong(), nodeOf(*item), item->data(NameColumn, SlotRole).toInt()};
    m_document.edit(tr("Disconnect"), [&](DocumentState& state) { edits::removeAll(state.graph, {}, std::array{edge}); });
}

/// What the canvas's own command does, but of a folded block only the cards that are chosen here.
void OutlinePanel::removeChosen() {
    if (!choseInFolded()) {
        m_view.actions().remove->trigger();
        return;
    }
    const std::vector<NodeId> nodes = m_chosen;
    const std::vector<NoteId> notes = m_view.editor().selectedNotes();
    m_document.edit(tr("Delete"), [&](DocumentState& state) {
        edits::removeAll(state.graph, nodes, {});
        for (const NoteId id : notes) state.graph.removeNote(id);
    });
}

void OutlinePanel::dissolveChosen() {
    if (!choseInFolded()) {
        m_view.actions().dissolve->trigger();
        return;
    }
    const std::vector<NodeId> nodes = m_chosen;
    m_document.edit(tr("Dissolve"), [&](DocumentState& state) { edits::dissolveAll(state.graph, nodes); });
}

/// The canvas's commands would take the whole block.
void OutlinePanel::fillFoldedMenu(QMenu& menu) {
    const EditorActions& actions = m_view.actions();
    menu.addAction(actions.groups->fold);
    menu.addSeparator();
    connect(menu.addAction(actions.remove->icon(), actions.remove->text()), &QAction::triggered, this, &OutlinePanel::removeChosen);
    connect(menu.addAction(actions.dissolve->text()), &QAction::triggered, this, &OutlinePanel::dissolveChosen);
}

void OutlinePanel::showMenu(QPoint at) {
    QTreeWidgetItem* item = m_tree->itemAt(at);
    if (item == nullptr) item = m_tree->currentItem();
    if (item == nullptr) return;
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("outlineMenu"));
    if (kindOf(*item) == Kind::Problem) {
        offerRepairs(*item);
        return;
    }
    if (kindOf(*item) == Kind::Group) {
        connect(menu.addAction(tr("Rename")), &QAction::triggered, this, [this, item] { m_tree->editItem(item, NameColumn); });
        m_view.actions().fillCardMenu(menu);
    } else if (kindOf(*item) == Kind::Wire) {
        connect(menu.addAction(tr("Remove this wire")), &QAction::triggered, this, &OutlinePanel::removeCurrent);
    } else if (kindOf(*item) == Kind::Note) {
        connect(menu.addAction(tr("Change the note")), &QAction::triggered, this, [this, item] { activated(item); });
        m_view.actions().fillNoteMenu(menu);
    } else {
        connect(menu.addAction(icon(QStringLiteral("plus")), tr("Add a layer after…")), &QAction::triggered, this, &OutlinePanel::addAfter);
        connect(menu.addAction(icon(QStringLiteral("link")), tr("Connect to…")), &QAction::triggered, this, &OutlinePanel::connectTo);
        connect(menu.addAction(tr("Rename")), &QAction::triggered, this, [this, item] { m_tree->editItem(item, NameColumn); });
        menu.addSeparator();
        if (choseInFolded()) fillFoldedMenu(menu);
        else m_view.actions().fillCardMenu(menu);
    }
    menu.exec(m_tree->viewport()->mapToGlobal(at));
}

void OutlinePanel::addAfter() {
    const QTreeWidgetItem* item = m_tree->currentItem();
    const Node* node = item == nullptr ? nullptr : m_document.graph().find(nodeOf(*item));
    if (node == nullptr) return;
    const NodeId after = node->id;
    SearchContext context;
    context.afterType = words(node->type);
    const NodeReport* report = m_document.report().find(node->id);
    if (report != nullptr && report->state == NodeState::Ready) context.input = report->plan.output;
    QStringList fitting;
    for (const LayerMatch& match : searchLayers({}, context)) {
        if (match.fits) fitting << words(match.type->schema.id);
    }
    bool chosen = false;
    const QString type = QInputDialog::getItem(this, tr("Add a layer"), tr("After %1, most used first:").arg(words(node->name)), fitting, 0, false, &chosen);
    if (chosen) m_view.addLayerAfter(type, after);
}

void OutlinePanel::connectTo() {
    const QTreeWidgetItem* item = m_tree->currentItem();
    const NodeId from = item == nullptr ? 0 : nodeOf(*item);
    if (m_document.graph().find(from) == nullptr) return;
    const std::map<NodeId, Shape> outputs = m_view.editor().outputShapes();
    QStringList names;
    for (const NodeId id : m_document.report().order) {
        if (edits::canLink(m_document.graph(), from, id, -1, {}, outputs)) names << words(m_document.graph().find(id)->name);
    }
    if (names.isEmpty()) return;
    bool chosen = false;
    const QString name = QInputDialog::getItem(this, tr("Connect"), tr("To which layer:"), names, 0, false, &chosen);
    const Node* to = chosen ? m_document.graph().findByName(name.toStdString()) : nullptr;
    if (to == nullptr) return;
    m_document.edit(tr("Connect"), [from, id = to->id](DocumentState& state) { (void)edits::link(state.graph, from, id, -1); });
}

} // namespace strata::ui
