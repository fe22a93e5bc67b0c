// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/outline/outline_panel.h"

#include "ui/document/graph_document.h"
#include "ui/document/number_text.h"
#include "ui/editor/editor_actions.h"
#include "ui/editor/editor_view.h"
#include "ui/editor/edits.h"
#include "ui/editor/layer_search.h"
#include "ui/look/icons.h"

#include <QHeaderView>
#include <QInputDialog>
#include <QKeyEvent>
#include <QMenu>
#include <QScopedValueRollback>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {
namespace {

enum Column { NameColumn, TypeColumn, OutputColumn, ParametersColumn };
enum Role { KindRole = Qt::UserRole, NodeRole, FromRole, SlotRole, ProblemRole, GroupRole };

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

QIcon iconOf(Severity severity) {
    switch (severity) {
    case Severity::Error: return icon(QStringLiteral("error"), IconTone::Error);
    case Severity::Warning: return icon(QStringLiteral("warning"), IconTone::Warning);
    case Severity::Hint: return icon(QStringLiteral("hint"), IconTone::Hint);
    }
    return {};
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
    m_tree->setAccessibleDescription(tr("The layers in the order of the data. Enter opens the first field, F2 renames, Insert adds a layer after, Delete removes."));
    m_tree->setToolTip(tr("Enter: first field, F2: rename, Insert: add after, Delete: remove"));
    m_tree->setColumnCount(4);
    m_tree->setHeaderLabels({tr("Layer"), tr("Type"), tr("Output"), tr("Parameters")});
    m_tree->headerItem()->setTextAlignment(ParametersColumn, Qt::AlignRight);
    m_tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_tree->header()->setStretchLastSection(false);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_tree->setUniformRowHeights(true);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->installEventFilter(this);
    column->addWidget(m_tree);

    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &OutlinePanel::takeSelection);
    connect(m_tree, &QTreeWidget::itemChanged, this, &OutlinePanel::renamed);
    connect(m_tree, &QTreeWidget::itemDoubleClicked, this, &OutlinePanel::activated);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &OutlinePanel::showMenu);
    connect(&view.editor(), &QGraphicsScene::selectionChanged, this, &OutlinePanel::showSelection);
    const auto refresh = [this] {
        m_stale = true;
        if (isVisible()) rebuild();
    };
    connect(&m_document, &GraphDocument::analysed, this, refresh);
    connect(&m_document, &GraphDocument::replaced, this, refresh);
    connect(&m_document, &GraphDocument::changed, this, [refresh](const GraphDiff& diff) {
        if (diff.groups) refresh(); // of which the analysis says nothing
    });
}

void OutlinePanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_stale) rebuild();
}

QTreeWidgetItem* OutlinePanel::row(NodeId id) const {
    const auto it = m_rows.find(id);
    return it == m_rows.end() ? nullptr : it->second;
}

OutlinePanel::Kind OutlinePanel::kindOf(const QTreeWidgetItem& item) {
    return static_cast<Kind>(item.data(NameColumn, KindRole).toInt());
}

NodeId OutlinePanel::nodeOf(const QTreeWidgetItem& item) {
    return item.data(NameColumn, NodeRole).toLongLong();
}

void OutlinePanel::rebuild() {
    const QScopedValueRollback filling(m_filling, true);
    m_stale = false;
    std::set<NodeId> open;
    for (const auto& [id, item] : m_rows) {
        if (item->isExpanded()) open.insert(id);
    }
    const QTreeWidgetItem* current = m_tree->currentItem();
    const NodeId at = current == nullptr ? 0 : nodeOf(*current);
    for (const auto& [id, item] : m_groups) {
        if (!item->isExpanded()) m_closed.insert(id);
        else m_closed.erase(id);
    }
    m_rows.clear();
    m_groups.clear();
    m_tree->clear();
    for (const NodeId id : m_document.report().order) {
        QTreeWidgetItem* item = addCard(id);
        if (item != nullptr && open.contains(id)) item->setExpanded(true);
    }
    for (const auto& [id, item] : m_groups) item->setExpanded(!m_closed.contains(id));
    if (QTreeWidgetItem* again = row(at)) m_tree->setCurrentItem(again, NameColumn, QItemSelectionModel::NoUpdate);
    showSelection();
}

/// The row of a frame or block, at the place of the first of its cards.
QTreeWidgetItem* OutlinePanel::groupRow(GroupId id) {
    if (const auto it = m_groups.find(id); it != m_groups.end()) return it->second;
    const Group* group = m_document.graph().findGroup(id);
    if (group == nullptr) return nullptr;
    const QString kind = !group->block ? tr("frame") : group->repeat > 1 ? tr("block, %1 times").arg(group->repeat) : tr("block");
    const QString title = group->title.empty() ? kind : words(group->title);
    auto* item = new QTreeWidgetItem(m_tree, {title, kind});
    item->setData(NameColumn, KindRole, static_cast<int>(Kind::Group));
    item->setData(NameColumn, GroupRole, static_cast<qlonglong>(id));
    item->setData(NameColumn, Qt::AccessibleTextRole, tr("%1, %2").arg(title, kind));
    item->setIcon(NameColumn, icon(group->block ? QStringLiteral("block") : QStringLiteral("frame"), IconTone::Secondary));
    item->setFlags(item->flags() | Qt::ItemIsEditable);
    return m_groups[id] = item;
}

QTreeWidgetItem* OutlinePanel::addCard(NodeId id) {
    const ModelGraph& graph = m_document.graph();
    const Node* node = graph.find(id);
    if (node == nullptr) return nullptr;
    const NodeReport* report = m_document.report().find(id);
    const LayerType* type = findLayerType(node->type);
    const bool ready = report != nullptr && report->state == NodeState::Ready;
    const QString output = ready ? shapeText(report->plan.output) : tr("none yet");
    const QString parameters = ready ? countText(report->parameters) : QString();
    auto* item = new QTreeWidgetItem({words(node->name), words(node->type), output, parameters});
    if (QTreeWidgetItem* group = groupRow(node->group)) group->addChild(item);
    else m_tree->addTopLevelItem(item);
    item->setData(NameColumn, KindRole, static_cast<int>(Kind::Card));
    item->setData(NameColumn, NodeRole, static_cast<qlonglong>(id));
    item->setIcon(NameColumn, categoryIcon(type == nullptr ? QString() : words(type->schema.category)));
    item->setTextAlignment(ParametersColumn, Qt::AlignRight | Qt::AlignVCenter);
    item->setFlags(item->flags() | Qt::ItemIsEditable);
    m_rows[id] = item;

    QStringList sources;
    for (const Edge& edge : graph.inputsOf(id)) {
        const QString from = words(graph.find(edge.from)->name);
        sources << from;
        auto* wire = new QTreeWidgetItem(item, {tr("from %1").arg(from)});
        wire->setData(NameColumn, KindRole, static_cast<int>(Kind::Wire));
        wire->setData(NameColumn, NodeRole, static_cast<qlonglong>(id));
        wire->setData(NameColumn, FromRole, static_cast<qlonglong>(edge.from));
        wire->setData(NameColumn, SlotRole, edge.slot);
        wire->setIcon(NameColumn, icon(QStringLiteral("link"), IconTone::Secondary));
        wire->setFlags(wire->flags() & ~Qt::ItemIsEditable);
    }
    const std::vector<Problem>& problems = m_document.report().problems;
    QString first;
    for (std::size_t i = 0; i < problems.size(); ++i) {
        if (problems[i].node != id || problems[i].silenced) continue;
        auto* problem = new QTreeWidgetItem(item, {words(problems[i].text)});
        problem->setData(NameColumn, KindRole, static_cast<int>(Kind::Problem));
        problem->setData(NameColumn, NodeRole, static_cast<qlonglong>(id));
        problem->setData(NameColumn, ProblemRole, static_cast<qulonglong>(i));
        problem->setIcon(NameColumn, iconOf(problems[i].severity));
        problem->setToolTip(NameColumn, words(problems[i].text));
        problem->setFlags(problem->flags() & ~Qt::ItemIsEditable);
        problem->setFirstColumnSpanned(true);
        if (first.isEmpty()) first = words(problems[i].text);
    }
    QStringList spoken{words(node->name), words(node->type), tr("output %1").arg(output)};
    if (ready) spoken << tr("%1 parameters").arg(parameters);
    if (!sources.isEmpty()) spoken << tr("from %1").arg(sources.join(tr(" and ")));
    if (!first.isEmpty()) spoken << tr("problem: %1").arg(first);
    item->setData(NameColumn, Qt::AccessibleTextRole, spoken.join(QStringLiteral(", ")));
    return item;
}

void OutlinePanel::showSelection() {
    if (m_stale) return;
    const QScopedValueRollback filling(m_filling, true);
    const std::vector<NodeId> selected = m_view.editor().selectedNodes();
    for (const auto& [id, item] : m_rows) item->setSelected(std::ranges::find(selected, id) != selected.end());
    if (selected.size() != 1) return;
    QTreeWidgetItem* item = row(selected.front());
    if (item == nullptr || (m_tree->currentItem() != nullptr && m_tree->currentItem()->parent() == item)) return;
    m_tree->setCurrentItem(item);
    m_tree->scrollToItem(item);
}

void OutlinePanel::takeSelection() {
    if (m_filling) return;
    const QScopedValueRollback filling(m_filling, true);
    std::set<NodeId> nodes;
    for (const QTreeWidgetItem* item : m_tree->selectedItems()) {
        if (kindOf(*item) != Kind::Group) nodes.insert(nodeOf(*item));
        else for (int i = 0; i < item->childCount(); ++i) nodes.insert(nodeOf(*item->child(i)));
    }
    const std::vector<NodeId> list(nodes.begin(), nodes.end());
    m_view.editor().selectOnly(list);
    if (list.size() == 1) m_view.reveal(list.front());
}

void OutlinePanel::renamed(QTreeWidgetItem* item, int column) {
    if (m_filling || column != NameColumn) return;
    if (kindOf(*item) == Kind::Group) renameGroup(item->data(NameColumn, GroupRole).toLongLong(), item->text(NameColumn).trimmed());
    if (kindOf(*item) != Kind::Card) return;
    const Node* node = m_document.graph().find(nodeOf(*item));
    const QString name = item->text(NameColumn).trimmed();
    const bool allowed = node != nullptr && !name.isEmpty() && !name.contains(QLatin1Char('/')) &&
                         m_document.graph().findByName(name.toStdString()) == nullptr;
    if (!allowed) {
        const QScopedValueRollback filling(m_filling, true);
        item->setText(NameColumn, node == nullptr ? QString() : words(node->name));
        return;
    }
    // The edit rebuilds the rows, and the editor of this one is still open.
    QMetaObject::invokeMethod(
        this,
        [this, id = node->id, name] {
            m_document.edit(tr("Rename to %1").arg(name), [&](DocumentState& state) {
                Node other = *state.graph.find(id);
                other.name = name.toStdString();
                state.graph.replace(std::move(other));
            });
        },
        Qt::QueuedConnection);
}

void OutlinePanel::renameGroup(GroupId id, const QString& title) {
    QMetaObject::invokeMethod(
        this,
        [this, id, title] {
            m_document.edit(tr("Rename to %1").arg(title), [&](DocumentState& state) {
                if (state.graph.findGroup(id) == nullptr) return;
                Group other = *state.graph.findGroup(id);
                other.title = title.toStdString();
                state.graph.replaceGroup(std::move(other));
            });
        },
        Qt::QueuedConnection);
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
    }
}

void OutlinePanel::offerRepairs(const QTreeWidgetItem& item) {
    const std::size_t index = item.data(NameColumn, ProblemRole).toULongLong();
    if (index >= m_document.report().problems.size()) return;
    const Problem problem = m_document.report().problems[index];
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("outlineRepairs"));
    for (const Repair& repair : m_document.repairs(problem)) {
        QAction* action = menu.addAction(icon(QStringLiteral("repair")), tr("%1 (%2)").arg(words(repair.label), words(repair.consequence)));
        connect(action, &QAction::triggered, this, [this, repair] { m_document.applyRepair(repair); });
    }
    if (menu.isEmpty()) menu.addAction(tr("Only you can know how to mend this"))->setEnabled(false);
    menu.exec(m_tree->viewport()->mapToGlobal(m_tree->visualItemRect(&item).bottomLeft()));
}

bool OutlinePanel::key(int key, Qt::KeyboardModifiers modifiers) {
    QTreeWidgetItem* item = m_tree->currentItem();
    if (item == nullptr) return false;
    const bool card = kindOf(*item) == Kind::Card;
    const bool plain = (modifiers & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (plain && (key == Qt::Key_Return || key == Qt::Key_Enter)) activated(item);
    else if (plain && (key == Qt::Key_Delete || key == Qt::Key_Backspace)) removeCurrent();
    else if (plain && key == Qt::Key_Insert) addAfter();
    else if (key == Qt::Key_Delete && modifiers == (Qt::ControlModifier | Qt::ShiftModifier) && card) m_view.actions().dissolve->trigger();
    else if (key == Qt::Key_Down && modifiers == Qt::ControlModifier && card) m_view.connectToNext(key);
    else if (plain && key == Qt::Key_F1) Q_EMIT m_view.helpRequested(nodeOf(*item));
    else return false;
    return true;
}

bool OutlinePanel::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_tree && event->type() == QEvent::KeyPress) {
        const auto* press = static_cast<QKeyEvent*>(event);
        if (key(press->key(), press->modifiers())) return true;
    }
    return QWidget::eventFilter(watched, event);
}

void OutlinePanel::removeCurrent() {
    const QTreeWidgetItem* item = m_tree->currentItem();
    if (kindOf(*item) == Kind::Card || kindOf(*item) == Kind::Group) {
        m_view.actions().remove->trigger();
        return;
    }
    if (kindOf(*item) != Kind::Wire) return;
    const Edge edge{item->data(NameColumn, FromRole).toLongLong(), nodeOf(*item), item->data(NameColumn, SlotRole).toInt()};
    m_document.edit(tr("Disconnect"), [&](DocumentState& state) { edits::removeAll(state.graph, {}, std::array{edge}); });
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
    } else {
        connect(menu.addAction(icon(QStringLiteral("plus")), tr("Add a layer after…")), &QAction::triggered, this, &OutlinePanel::addAfter);
        connect(menu.addAction(icon(QStringLiteral("link")), tr("Connect to…")), &QAction::triggered, this, &OutlinePanel::connectTo);
        connect(menu.addAction(tr("Rename")), &QAction::triggered, this, [this, item] { m_tree->editItem(item, NameColumn); });
        menu.addSeparator();
        m_view.actions().fillCardMenu(menu);
    }
    menu.exec(m_tree->viewport()->mapToGlobal(at));
}

void OutlinePanel::addAfter() {
    const QTreeWidgetItem* item = m_tree->currentItem();
    const Node* node = item == nullptr ? nullptr : m_document.graph().find(nodeOf(*item));
    if (node == nullptr) return;
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
    if (chosen) m_view.addLayer(type);
}

void OutlinePanel::connectTo() {
    const QTreeWidgetItem* item = m_tree->currentItem();
    const NodeId from = item == nullptr ? 0 : nodeOf(*item);
    if (m_document.graph().find(from) == nullptr) return;
    QStringList names;
    for (const NodeId id : m_document.report().order) {
        if (m_document.graph().canConnect(from, id)) names << words(m_document.graph().find(id)->name);
    }
    if (names.isEmpty()) return;
    bool chosen = false;
    const QString name = QInputDialog::getItem(this, tr("Connect"), tr("To which layer:"), names, 0, false, &chosen);
    const Node* to = chosen ? m_document.graph().findByName(name.toStdString()) : nullptr;
    if (to == nullptr) return;
    m_document.edit(tr("Connect"), [from, id = to->id](DocumentState& state) { (void)state.graph.connect(from, id); });
}

} // namespace strata::ui
