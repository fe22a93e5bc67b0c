// SPDX-License-Identifier: GPL-3.0-or-later
// Frames, blocks and notes on the canvas.
#include "engine/graph/flatten.h"
#include "ui/document/extent.h"
#include "ui/document/number_text.h"
#include "ui/editor/editor_scene.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace strata::ui {
namespace {


QString text(const std::string& s) {
    return QString::fromStdString(s);
}

QString times(const Group& group) {
    return group.repeat > 1 ? QStringLiteral("× %1").arg(group.repeat) : QString();
}

} // namespace

GroupItem* EditorScene::group(GroupId id) const {
    const auto it = m_groups.find(id);
    return it == m_groups.end() ? nullptr : it->second;
}

NoteItem* EditorScene::note(NoteId id) const {
    const auto it = m_notes.find(id);
    return it == m_notes.end() ? nullptr : it->second;
}

std::vector<NoteId> EditorScene::noteIds() const {
    std::vector<NoteId> ids;
    for (const auto& [id, item] : m_notes) ids.push_back(id);
    return ids;
}

std::vector<NoteId> EditorScene::selectedNotes() const {
    std::vector<NoteId> ids;
    for (const auto& [id, item] : m_notes) {
        if (item->isSelected()) ids.push_back(id);
    }
    return ids;
}

void EditorScene::selectNotes(std::span<const NoteId> notes) {
    for (const NoteId id : notes) {
        if (NoteItem* item = note(id)) item->setSelected(true);
    }
}

QRectF EditorScene::noteRect(NoteId id) const {
    const Note* note = m_document.graph().findNote(id);
    const NoteItem* item = this->note(id);
    return note == nullptr || item == nullptr ? QRectF() : item->rect().translated(m_map.toScene(note->position));
}

GroupId EditorScene::foldedIn(NodeId id) const {
    const auto it = m_folded.find(id);
    return it == m_folded.end() ? 0 : it->second;
}

CardItem* EditorScene::shownCard(NodeId id) const {
    const GroupId block = foldedIn(id);
    return card(block != 0 ? -block : id);
}

NodeId EditorScene::entryOf(GroupId id) const {
    const ModelGraph& graph = m_document.graph();
    const std::vector<NodeId> members = graph.membersOf(id);
    for (const NodeId member : members) {
        for (const Edge& edge : graph.inputsOf(member)) {
            if (graph.find(edge.from)->group != id) return member;
        }
    }
    for (const NodeId member : members) {
        if (graph.inputsOf(member).empty()) return member;
    }
    return members.empty() ? 0 : members.front();
}

NodeId EditorScene::exitOf(GroupId id) const {
    if (const Result<BlockEnds> ends = blockEnds(m_document.graph(), id)) return ends->exit;
    const std::vector<NodeId> members = m_document.graph().membersOf(id);
    return members.empty() ? 0 : members.back();
}

bool EditorScene::reachable(NodeId id) const {
    const GroupId block = foldedIn(id);
    return block == 0 || id == entryOf(block) || id == exitOf(block);
}

QPointF EditorScene::blockPlace(GroupId id) const {
    Extent extent;
    for (const NodeId member : m_document.graph().membersOf(id)) extent.reach(m_document.graph().find(member)->position);
    const QPointF place = m_map.toScene(extent.topCentre());
    return {std::round(place.x()), std::round(place.y())};
}

EditorScene::Hit EditorScene::blockPort(GroupId id, int slot) const {
    if (slot < 0) return {Hit::Kind::Port, exitOf(id), -1, {}, 0};
    const NodeId entry = entryOf(id);
    for (const Edge& edge : m_document.graph().inputsOf(entry)) {
        if (foldedIn(edge.from) != id) return {Hit::Kind::Port, entry, edge.slot, {}, 0};
    }
    return {Hit::Kind::Port, entry, 0, {}, 0};
}

bool EditorScene::showsStrip(NodeId id) const {
    const GroupId block = foldedIn(id);
    if (!m_stripsShown) return false;
    if (block == 0) return true;
    // A folded block shows what leaves it; of a repeated one nobody looks into the last copy.
    const Group* group = m_document.graph().findGroup(block);
    return group != nullptr && group->repeat == 1 && exitOf(block) == id;
}

void EditorScene::refreshGroups() {
    const ModelGraph& graph = m_document.graph();
    if (graph.groups().empty() && m_groups.empty()) return;
    const auto erased = [&](auto& items, const auto& keep) {
        for (auto it = items.begin(); it != items.end();) {
            if (keep(it->first)) {
                ++it;
                continue;
            }
            it = destroy(items, it);
        }
    };
    const auto folded = [&](GroupId id) {
        const Group* group = graph.findGroup(id);
        return group != nullptr && group->block && group->folded;
    };
    m_hovered = m_hovered.other != 0 || m_hovered.node < 0 ? Hit() : m_hovered;
    erased(m_groups, [&](GroupId id) { return graph.findGroup(id) != nullptr; });
    erased(m_blocks, folded);
    m_folded.clear();
    for (const auto& node : graph.nodes()) {
        if (folded(node->group)) m_folded[node->id] = node->group;
    }
    for (const Group& group : graph.groups()) {
        GroupItem*& item = m_groups[group.id];
        if (item == nullptr) {
            item = new GroupItem(group.id, m_look);
            addItem(item);
        }
        item->setVisible(!folded(group.id));
        QStringList detail;
        if (group.block && group.repeat > 1) detail << times(group);
        const auto& blocks = m_document.report().blocks;
        if (const auto report = blocks.find(group.id); report != blocks.end() && report->second.parameters > 0)
            detail << parametersText(report->second.parameters);
        item->setWords(text(group.title), detail.join(QStringLiteral(", ")), group.block);
        const auto report = blocks.find(group.id);
        const bool leaves = group.block && group.repeat > 1 && report != blocks.end() && report->second.output;
        item->setExit(leaves ? tr("%1 → %2").arg(times(group), shapeText(*report->second.output)) : QString());
        if (!folded(group.id)) continue;
        CardItem*& block = m_blocks[group.id];
        if (block == nullptr) {
            block = new CardItem(-group.id, m_look);
            addItem(block);
        }
        refreshBlockFace(group.id);
    }
    for (const auto& [id, item] : m_cards) {
        item->setVisible(!m_folded.contains(id));
        if (StripItem* beside = strip(id)) beside->setVisible(showsStrip(id));
    }
    for (const auto& [edge, item] : m_wires) item->setVisible(foldedIn(edge.from) == 0 || foldedIn(edge.from) != foldedIn(edge.to));
    placeCards();
}

void EditorScene::refreshBlockFace(GroupId id) {
    const ModelGraph& graph = m_document.graph();
    const Group& group = *graph.findGroup(id);
    const std::vector<NodeId> members = graph.membersOf(id);
    CardFace face;
    face.pile = true;
    face.icon = QStringLiteral("block");
    face.title = text(group.title);
    face.name = times(group);
    face.line = tr("%n layers, folded", nullptr, static_cast<int>(members.size()));
    const LayerType* first = findLayerType(graph.find(members.front())->type);
    if (first != nullptr) face.category = text(first->schema.category);
    const auto& blocks = m_document.report().blocks;
    if (const auto report = blocks.find(id); report != blocks.end()) {
        const BlockReport& block = report->second;
        face.count = countText(block.parameters);
        face.shape = block.output ? shapeText(*block.output) : QStringLiteral("?");
        const Problem* problem = graph.find(block.broken) == nullptr ? nullptr : cardProblem(m_document.report(), block.broken);
        if (problem != nullptr) {
            face.state = CardFace::State::Broken;
            face.shape = tr("no shape");
            face.sentence = tr("%1: %2").arg(text(graph.find(block.broken)->name), text(problem->shortText.empty() ? problem->text : problem->shortText));
            // What mends the card mends the block: the buttons are its own.
            if (const CardItem* own = card(block.broken); own != nullptr && own->face().state == CardFace::State::Broken) {
                face.mistake = own->face().mistake;
                face.repairs = own->face().repairs;
                face.repairsSought = own->face().repairsSought;
            }
        } else if (!block.output) {
            face.state = CardFace::State::Blocked;
        }
    }
    face.toolTip = tr("%1: a double click opens it").arg(face.title);
    const bool all = std::ranges::all_of(members, [&](NodeId member) { return graph.find(member)->bypassed; });
    if (all) {
        face.bypassed = true;
        face.chip = CardFace::Chip::Bypassed;
        face.chipText = tr("bypassed");
    }
    CardItem& item = *m_blocks.at(id);
    item.setFace(face);
    const std::set<NodeId> inside(members.begin(), members.end());
    bool in = false, out = false;
    for (const Edge& edge : graph.edges()) {
        in = in || (inside.contains(edge.to) && !inside.contains(edge.from));
        out = out || (inside.contains(edge.from) && !inside.contains(edge.to));
    }
    const QRectF card = item.cardRect();
    const double middle = m_look.metrics.card.height / 2.0;
    const double pile = 2.0 * m_look.metrics.card.pileOffset; // what leaves the pile leaves its last sheet
    if (m_look.leftToRight) item.setPorts({{0, {card.left(), middle}, in, false, 0}, {-1, {card.right() + pile, middle}, out, false, 0}});
    else item.setPorts({{0, {0, 0}, in, false, 0}, {-1, {0, card.height() + pile}, out, false, 0}});
}

void EditorScene::placeGroups() {
    for (const auto& [id, block] : m_blocks) {
        const std::vector<NodeId> members = m_document.graph().membersOf(id);
        if (members.empty()) continue;
        const auto held = m_preview.find(members.front());
        const auto sliding = m_sliding.find(members.front());
        if (held != m_preview.end()) moveTo(*block, held->second);
        else if (sliding != m_sliding.end()) moveTo(*block, card(members.front())->pos());
        else moveTo(*block, blockPlace(id));
    }
    for (const auto& [id, item] : m_groups) {
        if (!item->isVisible()) continue;
        QRectF cards;
        for (const NodeId member : m_document.graph().membersOf(id)) {
            if (const CardItem* card = this->card(member)) cards |= card->cardRect().translated(card->pos());
        }
        item->setCards(cards);
    }
}

void EditorScene::refreshNotes() {
    const ModelGraph& graph = m_document.graph();
    for (auto it = m_notes.begin(); it != m_notes.end();) {
        if (graph.findNote(it->first) != nullptr) {
            ++it;
            continue;
        }
        m_notePreview.erase(it->first);
        if (m_hovered.kind == Hit::Kind::Note) m_hovered = {};
        it = destroy(m_notes, it);
    }
    for (const Note& note : graph.notes()) {
        NoteItem*& item = m_notes[note.id];
        if (item == nullptr) {
            item = new NoteItem(note.id, m_look);
            addItem(item);
        }
        item->setNote(note);
        const auto held = m_notePreview.find(note.id);
        item->setPos(held != m_notePreview.end() ? held->second : m_map.toScene(note.position));
    }
}

void EditorScene::previewNotes(const std::map<NoteId, QPointF>& places) {
    m_notePreview = places;
    refreshNotes();
}

void EditorScene::previewBends(const Edge& edge, const std::vector<QPointF>& points) {
    m_bendPreview.emplace(edge, points);
    routeAll();
}

} // namespace strata::ui
