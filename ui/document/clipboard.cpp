// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/clipboard.h"

#include "engine/core/said.h"
#include "engine/graph/drawing_limits.h"
#include "engine/graph/graph_json.h"
#include "engine/interop/foreign_json.h"
#include "ui/document/extent.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

namespace strata::ui {
namespace {

constexpr const char* kMark = "strata.fragment";

Error notOurs() {
    return failure("clipboard.not_layers",
                   said("The clipboard holds no layers; copy some cards with Ctrl+C first and paste them then."));
}

/// How many wires from outside have their card there.
std::size_t wiresFrom(const ModelGraph& drawing, const Fragment& fragment) {
    const auto there = [&](const Fragment::Incoming& wire) { return drawing.findByName(wire.from) != nullptr; };
    return static_cast<std::size_t>(std::ranges::count_if(fragment.incoming, there));
}

} // namespace

Fragment fragmentOf(const ModelGraph& graph, std::span<const NodeId> nodes, std::span<const NoteId> notes) {
    Fragment fragment;
    const auto chosen = [&](NodeId id) { return std::ranges::find(nodes, id) != nodes.end(); };
    for (const auto& node : graph.nodes()) {
        if (!chosen(node->id)) continue;
        Node copy = *node;
        copy.group = 0;
        fragment.graph.add(std::move(copy));
    }
    for (const Group& group : graph.groups()) {
        const std::vector<NodeId> members = graph.membersOf(group.id);
        if (std::ranges::all_of(members, chosen)) fragment.graph.addGroup(group, members);
    }
    for (const NoteId id : notes) {
        if (const Note* note = graph.findNote(id)) fragment.graph.addNote(*note);
    }
    for (const auto& node : fragment.graph.nodes()) {
        for (const Edge& edge : graph.inputsOf(node->id)) {
            if (chosen(edge.from)) {
                // Slots close up where a wire from outside is missing.
                (void)fragment.graph.connect(edge.from, edge.to);
            } else if (const Node* source = graph.find(edge.from)) {
                fragment.incoming.push_back({source->name, edge.to});
            }
        }
    }
    for (const auto& [ends, points] : graph.allBends()) fragment.graph.setBends(ends.first, ends.second, points);
    return fragment;
}

QString toClipboardText(const Fragment& fragment) {
    nlohmann::json incoming = nlohmann::json::array();
    for (const auto& wire : fragment.incoming) incoming.push_back({wire.from, wire.to});
    const nlohmann::json json{{kMark, 1}, {"graph", toJson(fragment.graph)}, {"incoming", incoming}};
    return QString::fromStdString(json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace));
}

Result<Fragment> fromClipboardText(const QString& text) {
    if (!text.contains(QLatin1String(kMark))) return notOurs(); // whatever else people copy
    const Result<nlohmann::json> parsed = parseForeignJson(text.toStdString(), said("The text in the clipboard"));
    if (!parsed) return parsed.error().id == "json.invalid" ? notOurs() : parsed.error();
    const nlohmann::json& json = *parsed;
    if (!json.is_object() || !json.contains(kMark) || !json.contains("graph")) return notOurs();
    Result<ModelGraph> graph = graphFromJson(json["graph"]);
    if (!graph) return graph.error();
    Fragment fragment{std::move(*graph), {}};
    if (const auto it = json.find("incoming"); it != json.end() && it->is_array()) {
        for (const auto& wire : *it) {
            const bool fits = wire.is_array() && wire.size() == 2 && wire[0].is_string() && wire[1].is_number_integer();
            if (fits) fragment.incoming.push_back({wire[0].get<std::string>(), wire[1].get<NodeId>()});
        }
    }
    if (fragment.graph.empty() && fragment.graph.notes().empty()) return notOurs();
    return fragment;
}

Result<Pasted> paste(ModelGraph& into, const Fragment& fragment, Point at, bool keepIncoming) {
    if (const Result<> room = checkRoom(into, fragment.graph, keepIncoming ? wiresFrom(into, fragment) : 0); !room) return room.error();
    Pasted added;
    Extent extent;
    for (const auto& node : fragment.graph.nodes()) extent.reach(node->position);
    for (const Note& note : fragment.graph.notes()) extent.reach(note.position);
    const Point from = extent.topCentre();
    const auto moved = [&](Point place) { return Point{place.x - from.x + at.x, place.y - from.y + at.y}; };
    std::map<NodeId, NodeId> ids;
    for (const auto& node : fragment.graph.nodes()) {
        Node copy = *node;
        copy.id = 0;
        copy.group = 0;
        copy.position = moved(node->position);
        ids[node->id] = into.add(std::move(copy));
        added.nodes.push_back(ids[node->id]);
    }
    for (const auto& node : fragment.graph.nodes()) {
        for (const Edge& edge : fragment.graph.inputsOf(node->id)) (void)into.connect(ids[edge.from], ids[edge.to]);
    }
    for (const Group& group : fragment.graph.groups()) {
        std::vector<NodeId> members;
        for (const NodeId id : fragment.graph.membersOf(group.id)) members.push_back(ids[id]);
        Group copy = group;
        copy.id = 0;
        (void)into.addGroup(std::move(copy), members);
    }
    for (const auto& [ends, points] : fragment.graph.allBends()) {
        std::vector<Point> there;
        for (const Point& point : points) there.push_back(moved(point));
        into.setBends(ids[ends.first], ids[ends.second], std::move(there));
    }
    for (const Note& note : fragment.graph.notes()) {
        Note copy = note;
        copy.id = 0;
        copy.position = moved(note.position);
        added.notes.push_back(into.addNote(std::move(copy)));
    }
    if (!keepIncoming) return added;
    for (const auto& wire : fragment.incoming) {
        const Node* source = into.findByName(wire.from);
        const auto target = ids.find(wire.to);
        if (source == nullptr || target == ids.end()) continue;
        if (into.canConnect(source->id, target->second)) (void)into.connect(source->id, target->second);
    }
    return added;
}

} // namespace strata::ui
