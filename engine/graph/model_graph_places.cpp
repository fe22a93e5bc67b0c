// SPDX-License-Identifier: GPL-3.0-or-later
// What a drawing has beside cards and wires: groups of cards, notes, bends of wires.
#include "engine/graph/drawing_limits.h"
#include "engine/graph/names.h"

#include <algorithm>
#include <cassert>
#include <unordered_set>

namespace strata {
namespace {

/// The first free id, or `wanted` where that is free.
template <class T>
std::int64_t freeId(const std::vector<T>& all, std::int64_t wanted) {
    std::int64_t next = 1;
    bool taken = wanted <= 0 || wanted > kMostNodeId;
    for (const T& one : all) {
        next = std::max(next, one.id + 1);
        taken = taken || one.id == wanted;
    }
    return taken ? next : wanted;
}

/// requires: edges are sorted
bool hasEdge(std::span<const Edge> edges, std::pair<NodeId, NodeId> ends) {
    const auto it = std::ranges::lower_bound(edges, ends, {}, [](const Edge& e) { return std::pair(e.from, e.to); });
    return it != edges.end() && std::pair(it->from, it->to) == ends;
}

} // namespace

const Group* ModelGraph::findGroup(GroupId id) const {
    const auto it = std::ranges::find(m_groups, id, &Group::id);
    return it == m_groups.end() ? nullptr : &*it;
}

std::vector<NodeId> ModelGraph::membersOf(GroupId id) const {
    std::vector<NodeId> members;
    for (const NodePtr& node : m_nodes) {
        if (node->group == id && id != 0) members.push_back(node->id);
    }
    return members;
}

GroupId ModelGraph::addGroup(Group group, std::span<const NodeId> members) {
    assert(!members.empty());
    group.id = freeId(m_groups, group.id);
    group.title = shortened(group.title);
    const GroupId id = group.id;
    m_groups.push_back(std::move(group));
    bool left = false; // another group
    for (const NodeId member : members) {
        const auto it = locate(member);
        if ((*it)->group == id) continue;
        Node node = **it;
        left = left || node.group != 0;
        node.group = id;
        *it = std::make_shared<const Node>(std::move(node));
    }
    if (left) forgetLost();
    return id;
}

void ModelGraph::replaceGroup(Group group) {
    const auto it = std::ranges::find(m_groups, group.id, &Group::id);
    assert(it != m_groups.end());
    group.title = shortened(group.title);
    *it = std::move(group);
}

void ModelGraph::removeGroup(GroupId id) {
    for (const NodeId member : membersOf(id)) setGroup(member, 0);
    std::erase_if(m_groups, [&](const Group& group) { return group.id == id; });
}

void ModelGraph::setGroup(NodeId id, GroupId group) {
    Node node = **locate(id);
    if (node.group == group) return;
    node.group = group;
    replace(std::move(node));
    forgetLost();
}

const Note* ModelGraph::findNote(NoteId id) const {
    const auto it = std::ranges::find(m_notes, id, &Note::id);
    return it == m_notes.end() ? nullptr : &*it;
}

NoteId ModelGraph::addNote(Note note) {
    note.id = freeId(m_notes, note.id);
    note.text = shortened(note.text, kLongestNote);
    note.position = onCanvas(note.position);
    m_notes.push_back(std::move(note));
    return m_notes.back().id;
}

void ModelGraph::replaceNote(Note note) {
    const auto it = std::ranges::find(m_notes, note.id, &Note::id);
    assert(it != m_notes.end());
    note.text = shortened(note.text, kLongestNote);
    note.position = onCanvas(note.position);
    *it = std::move(note);
}

void ModelGraph::removeNote(NoteId id) {
    std::erase_if(m_notes, [&](const Note& note) { return note.id == id; });
}

std::span<const Point> ModelGraph::bends(NodeId from, NodeId to) const {
    const auto it = m_bends.find({from, to});
    return it == m_bends.end() ? std::span<const Point>() : std::span<const Point>(it->second);
}

void ModelGraph::setBends(NodeId from, NodeId to, std::vector<Point> points) {
    if (points.size() > kMostBends) points.resize(kMostBends);
    for (Point& point : points) point = onCanvas(point);
    if (points.empty() || !hasEdge(m_edges, {from, to})) m_bends.erase({from, to});
    else m_bends[{from, to}] = std::move(points);
}

void ModelGraph::forgetLost() {
    std::erase_if(m_bends, [&](const auto& entry) { return !hasEdge(m_edges, entry.first); });
    if (m_groups.empty()) return;
    std::unordered_set<GroupId> used;
    for (const NodePtr& node : m_nodes) used.insert(node->group);
    std::erase_if(m_groups, [&](const Group& group) { return !used.contains(group.id); });
}

} // namespace strata
