// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of the outline: made anew where cards come, go or change their order, else filled in place.
#include "engine/graph/graph_index.h"
#include "ui/document/graph_document.h"
#include "ui/document/number_text.h"
#include "ui/document/severity_look.h"
#include "ui/editor/editor_view.h"
#include "ui/outline/outline_panel.h"

#include <QScopedValueRollback>
#include <QTextDocument>
#include <QTreeWidget>

#include <algorithm>

namespace strata::ui {
namespace {

QString words(const std::string& text) {
    return QString::fromStdString(text);
}

} // namespace

void OutlinePanel::rebuild() {
    const QScopedValueRollback filling(m_filling, true);
    m_stale = false;
    const ModelGraph& graph = m_document.graph();
    const GraphIndex index(graph);
    Order order;
    for (const NodeId id : m_document.report().order) {
        const auto at = index.place.find(id);
        if (at != index.place.end()) order.emplace_back(id, index.nodes[at->second]->group);
    }
    std::set<NodeId> open;
    for (const auto& [id, row] : m_rows) {
        if (row.item->isExpanded()) open.insert(id);
    }
    const QTreeWidgetItem* current = m_tree->currentItem();
    const NodeId at = current == nullptr ? 0 : nodeOf(*current);
    const NoteId noteAt = current == nullptr ? 0 : noteOf(*current);
    const bool anew = order != m_order || notesAreOthers();
    if (anew) makeRows(order);
    for (const Note& note : graph.notes()) fillNote(note, *m_notes.at(note.id));
    for (const auto& [id, item] : m_groups) {
        if (const Group* group = graph.findGroup(id)) fillGroup(*group, *item);
    }
    std::map<NodeId, std::vector<std::size_t>> problems;
    const std::vector<Problem>& all = m_document.report().problems;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].silenced) problems[all[i].node].push_back(i);
    }
    for (const auto& [id, group] : order) {
        const std::size_t place = index.place.at(id);
        std::vector<const Node*> sources;
        for (const std::size_t from : index.inputs[place]) sources.push_back(index.nodes[from]);
        fillCard(*index.nodes[place], sources, problems[id]);
    }
    for (const NodeId id : open) {
        if (QTreeWidgetItem* item = row(id)) item->setExpanded(true);
    }
    if (anew) {
        for (const auto& [id, item] : m_groups) item->setExpanded(!m_closed.contains(id));
        QTreeWidgetItem* again = m_notes.contains(noteAt) ? m_notes.at(noteAt) : row(at);
        if (again != nullptr) m_tree->setCurrentItem(again, NameColumn, QItemSelectionModel::NoUpdate);
    }
    measureColumns();
    showSelection();
}

/// Empty rows in this order.
void OutlinePanel::makeRows(const Order& order) {
    for (const auto& [id, item] : m_groups) {
        if (!item->isExpanded()) m_closed.insert(id);
        else m_closed.erase(id);
    }
    m_rows.clear();
    m_groups.clear();
    m_notes.clear();
    m_tree->clear();
    m_order = order;
    for (const auto& [id, groupId] : order) {
        auto* item = new QTreeWidgetItem;
        item->setData(NameColumn, KindRole, static_cast<int>(Kind::Card));
        item->setData(NameColumn, NodeRole, static_cast<qlonglong>(id));
        item->setTextAlignment(ParametersColumn, Qt::AlignRight | Qt::AlignVCenter);
        item->setFlags(item->flags() | Qt::ItemIsEditable);
        m_rows[id].item = item;
        if (QTreeWidgetItem* group = groupRow(groupId)) group->addChild(item);
        else m_tree->addTopLevelItem(item);
    }
    makeNoteRows();
}

void OutlinePanel::makeNoteRows() {
    for (const Note& note : m_document.graph().notes()) {
        auto* item = new QTreeWidgetItem(m_tree);
        item->setData(NameColumn, KindRole, static_cast<int>(Kind::Note));
        item->setData(NameColumn, NoteRole, static_cast<qlonglong>(note.id));
        item->setIcon(NameColumn, icon(QStringLiteral("list"), IconTone::Secondary));
        item->setFirstColumnSpanned(true);
        m_notes[note.id] = item;
    }
}

bool OutlinePanel::notesAreOthers() const {
    const std::span<const Note> notes = m_document.graph().notes();
    return notes.size() != m_notes.size() || !std::ranges::all_of(notes, [this](const Note& note) { return m_notes.contains(note.id); });
}

/// Its first line to be seen, all of it to be heard; without the signs of Markdown.
void OutlinePanel::fillNote(const Note& note, QTreeWidgetItem& item) {
    if (item.data(NameColumn, WordsRole).toString() == words(note.text)) return;
    item.setData(NameColumn, WordsRole, words(note.text));
    QTextDocument markdown;
    markdown.setMarkdown(words(note.text), QTextDocument::MarkdownNoHTML);
    const QString plain = markdown.toPlainText().trimmed();
    item.setText(NameColumn, plain.section(QLatin1Char('\n'), 0, 0));
    item.setToolTip(NameColumn, plain);
    item.setData(NameColumn, Qt::AccessibleTextRole, tr("note: %1").arg(plain.simplified()));
}

/// Another document: nothing of this one is kept.
void OutlinePanel::forget() {
    const QScopedValueRollback filling(m_filling, true);
    m_tree->clear();
    m_rows.clear();
    m_groups.clear();
    m_notes.clear();
    m_closed.clear();
    m_order.clear();
    m_chosen.clear();
    m_seen.clear();
}

/// The row of a frame or block, at the place of the first of its cards.
QTreeWidgetItem* OutlinePanel::groupRow(GroupId id) {
    if (const auto it = m_groups.find(id); it != m_groups.end()) return it->second;
    if (m_document.graph().findGroup(id) == nullptr) return nullptr;
    auto* item = new QTreeWidgetItem(m_tree);
    item->setData(NameColumn, KindRole, static_cast<int>(Kind::Group));
    item->setData(NameColumn, GroupRole, static_cast<qlonglong>(id));
    item->setFlags(item->flags() | Qt::ItemIsEditable);
    return m_groups[id] = item;
}

void OutlinePanel::fillGroup(const Group& group, QTreeWidgetItem& item) {
    const QString kind = !group.block ? tr("frame") : group.repeat > 1 ? tr("block, %1 times").arg(group.repeat) : tr("block");
    const QString title = group.title.empty() ? kind : words(group.title);
    if (item.text(TypeColumn) != kind) item.setIcon(NameColumn, icon(group.block ? QStringLiteral("block") : QStringLiteral("frame"), IconTone::Secondary));
    item.setText(NameColumn, title);
    item.setText(TypeColumn, kind);
    item.setData(NameColumn, Qt::AccessibleTextRole, tr("%1, %2").arg(title, kind));
}

void OutlinePanel::fillCard(const Node& node, const std::vector<const Node*>& sources, const std::vector<std::size_t>& problems) {
    QTreeWidgetItem& item = *m_rows.at(node.id).item;
    const NodeReport* report = m_document.report().find(node.id);
    const bool ready = report != nullptr && report->state == NodeState::Ready;
    const QString type = words(node.type), output = ready ? shapeText(report->plan.output) : tr("none yet");
    const QString parameters = ready ? countText(report->parameters) : QString();
    if (item.text(TypeColumn) != type) {
        const LayerType* known = findLayerType(node.type);
        item.setIcon(NameColumn, categoryIcon(known == nullptr ? QString() : words(known->schema.category)));
    }
    item.setText(NameColumn, words(node.name));
    item.setText(TypeColumn, type);
    item.setText(OutputColumn, output);
    item.setText(ParametersColumn, parameters);
    fillBelow(node, sources, problems);

    QStringList spoken{words(node.name), type, tr("output %1").arg(output)}, names;
    if (ready) spoken << parametersText(report->parameters);
    for (const Node* from : sources) names << words(from->name);
    if (!names.isEmpty()) spoken << tr("from %1").arg(names.join(tr(" and ")));
    if (const QString state = stateOf(node); !state.isEmpty()) spoken << state;
    if (!problems.empty()) spoken << tr("problem: %1").arg(words(m_document.report().problems[problems.front()].text));
    item.setData(NameColumn, Qt::AccessibleTextRole, spoken.join(QStringLiteral(", ")));
}

/// What the canvas shows by a chip or in grey.
QString OutlinePanel::stateOf(const Node& node) const {
    QStringList state;
    const NodeReport* report = m_document.report().find(node.id);
    const Node* waitsFor = report == nullptr ? nullptr : m_document.graph().find(report->waitsFor);
    if (waitsFor != nullptr) state << tr("waiting for %1").arg(words(waitsFor->name));
    if (report != nullptr && report->state == NodeState::Unconnected) state << tr("nothing leads into it yet");
    if (node.bypassed) state << tr("bypassed");
    if (!node.trainable) state << tr("frozen");
    return state.join(QStringLiteral(", "));
}

/// The wires into a card and its problems; kept where they are the same.
void OutlinePanel::fillBelow(const Node& node, const std::vector<const Node*>& sources, const std::vector<std::size_t>& problems) {
    Row& row = m_rows.at(node.id);
    const std::vector<Problem>& all = m_document.report().problems;
    QStringList parts;
    for (const Node* from : sources) parts << QStringLiteral("%1 %2").arg(from->id).arg(words(from->name));
    for (const std::size_t i : problems) parts << QStringLiteral("%1 %2 %3").arg(i).arg(static_cast<int>(all[i].severity)).arg(words(all[i].text));
    const QString below = parts.join(QLatin1Char('\n'));
    if (below == row.below) return;
    row.below = below;
    qDeleteAll(row.item->takeChildren());
    const auto add = [&](Kind kind, const QString& text, const QIcon& sign) {
        auto* made = new QTreeWidgetItem(row.item, {text});
        made->setData(NameColumn, KindRole, static_cast<int>(kind));
        made->setData(NameColumn, NodeRole, static_cast<qlonglong>(node.id));
        made->setIcon(NameColumn, sign);
        made->setFlags(made->flags() & ~Qt::ItemIsEditable);
        return made;
    };
    for (std::size_t slot = 0; slot < sources.size(); ++slot) {
        QTreeWidgetItem* wire = add(Kind::Wire, tr("from %1").arg(words(sources[slot]->name)), icon(QStringLiteral("link"), IconTone::Secondary));
        wire->setData(NameColumn, FromRole, static_cast<qlonglong>(sources[slot]->id));
        wire->setData(NameColumn, SlotRole, static_cast<int>(slot));
    }
    for (const std::size_t i : problems) {
        QTreeWidgetItem* problem = add(Kind::Problem, words(all[i].text), severityIcon(all[i].severity));
        problem->setData(NameColumn, ProblemRole, static_cast<qulonglong>(i));
        problem->setToolTip(NameColumn, words(all[i].text));
        problem->setFirstColumnSpanned(true);
    }
}

void OutlinePanel::showSelection() {
    if (m_stale || !isVisible()) return;
    const QScopedValueRollback filling(m_filling, true);
    const std::vector<NodeId> list = m_view.editor().selectedNodes();
    const bool chosenHere = m_taking || (list == m_seen && choseInFolded());
    if (!chosenHere) m_chosen = m_seen = list;
    const std::set<NodeId> selected(m_chosen.begin(), m_chosen.end());
    QItemSelection rows;
    for (const auto& [id, group] : m_order) {
        if (!selected.contains(id) || (m_taking && row(id)->isSelected())) continue;
        const QModelIndex first = m_tree->indexFromItem(row(id), NameColumn), last = first.siblingAtColumn(ParametersColumn);
        const bool follows = !rows.isEmpty() && rows.last().parent() == first.parent() && rows.last().bottom() + 1 == first.row();
        if (follows) rows.last() = QItemSelectionRange(rows.last().topLeft(), last);
        else rows.append(QItemSelectionRange(first, last));
    }
    for (const NoteId id : m_view.editor().selectedNotes()) {
        const auto note = m_notes.find(id);
        if (note != m_notes.end()) rows.append(QItemSelectionRange(m_tree->indexFromItem(note->second)));
    }
    // What was chosen here (a wire, a frame) stays chosen beside its cards.
    if (!m_taking) m_tree->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    else if (!rows.isEmpty()) m_tree->selectionModel()->select(rows, QItemSelectionModel::Select);
    if (m_taking || m_chosen.size() != 1) return;
    QTreeWidgetItem* item = row(m_chosen.front());
    if (item == nullptr || (m_tree->currentItem() != nullptr && m_tree->currentItem()->parent() == item)) return;
    m_tree->setCurrentItem(item);
    m_tree->scrollToItem(item);
}

} // namespace strata::ui
