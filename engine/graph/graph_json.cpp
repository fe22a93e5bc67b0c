// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/graph_json.h"

#include "engine/core/number_text.h"
#include "engine/core/said.h"
#include "engine/graph/drawing_limits.h"
#include "engine/graph/names.h"
#include "engine/schema/param_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <unordered_set>

namespace strata {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kLongestText = 200;

Error bad(const std::string& place, std::string_view rule) {
    return failure("json.graph", fmt::format("{}: {}.", place, rule));
}

Result<> onlyKeys(const Json& json, std::span<const std::string_view> keys, const std::string& place) {
    if (!json.is_object()) return bad(place, said("must be a JSON object"));
    for (const auto& [key, value] : json.items()) {
        if (std::ranges::find(keys, key) == keys.end())
            return bad(place, said("has an unknown member \"{}\"", key.substr(0, kLongestText)));
    }
    return {};
}

Result<std::string> text(const Json& json, const char* key, const std::string& place) {
    const auto it = json.find(key);
    if (it == json.end() || !it->is_string()) return bad(place, said("\"{}\" must be a text", key));
    std::string value = it->get<std::string>();
    if (value.empty()) return bad(place, said("\"{}\" must not be empty", key));
    return value;
}

Result<std::int64_t> whole(const Json& json, const std::string& place) {
    const std::optional<std::int64_t> value = wholeFrom(json);
    return value ? Result<std::int64_t>(*value) : bad(place, said("must be a whole number below 9223372036854775808"));
}

Result<double> coordinate(const Json& json, const char* key, const std::string& place) {
    const auto it = json.find(key);
    if (it == json.end()) return 0.0;
    const double v = it->is_number() ? it->get<double>() : NAN;
    if (!(std::abs(v) <= kFarthest))
        return bad(place, said("\"{}\" must be a number between -1000000 and 1000000", key));
    return v;
}

/// Takes over a truth value that is there.
Result<> flag(const Json& json, const char* key, const std::string& place, bool& out) {
    const auto it = json.find(key);
    if (it == json.end()) return {};
    if (!it->is_boolean()) return bad(place, said("\"{}\" must be true or false", key));
    out = it->get<bool>();
    return {};
}

/// `onEdge`, where it is given: a place off the canvas becomes the nearest on it, which sets that.
Result<Point> placeFromJson(const Json& json, const std::string& place, bool* onEdge) {
    const Result<double> x = coordinate(json, "x", place), y = coordinate(json, "y", place);
    if (x && y) return Point{*x, *y};
    if (onEdge == nullptr) return x ? y.error() : x.error();
    *onEdge = true;
    const auto number = [&](const char* key) { return json.contains(key) && json[key].is_number() ? json[key].get<double>() : 0; };
    return onCanvas({number("x"), number("y")});
}

Result<Node> nodeFromJson(const Json& json, const std::string& place, bool* onEdge) {
    static constexpr std::array<std::string_view, 9> keys{"id", "type", "name", "params", "trainable", "bypassed", "group", "x", "y"};
    if (const Result<> known = onlyKeys(json, keys, place); !known) return known.error();
    if (!json.contains("id")) return bad(place, said("\"id\" is missing"));
    const Result<std::int64_t> id = whole(json["id"], place + ".id");
    if (!id) return id.error();
    Result<std::string> type = text(json, "type", place);
    if (!type) return type.error();
    if (type->size() > kLongestText) return bad(place, said("\"type\" must have at most {} bytes", kLongestText));
    Result<std::string> name = text(json, "name", place);
    if (!name) return name.error();
    Node node{.id = *id, .type = std::move(*type), .name = std::move(*name)};
    if (const auto it = json.find("params"); it != json.end()) {
        Result<ParamMap> params = paramsFromJson(*it);
        if (!params) return bad(place + ".params", params.error().message);
        node.params = std::move(*params);
    }
    if (const Result<> read = flag(json, "trainable", place, node.trainable); !read) return read.error();
    if (const Result<> read = flag(json, "bypassed", place, node.bypassed); !read) return read.error();
    if (const auto it = json.find("group"); it != json.end()) {
        const Result<GroupId> group = whole(*it, place + ".group");
        if (!group) return group.error();
        node.group = *group;
    }
    const Result<Point> position = placeFromJson(json, place, onEdge);
    if (!position) return position.error();
    node.position = *position;
    return node;
}

Result<Edge> edgeFromJson(const Json& json, const std::string& place) {
    if (!json.is_array() || json.size() != 3) return bad(place, said("must be [from, to, slot]"));
    std::array<std::int64_t, 3> v{};
    for (std::size_t i = 0; i < v.size(); ++i) {
        const Result<std::int64_t> number = whole(json[i], place);
        if (!number) return number.error();
        v[i] = *number;
    }
    if (v[2] < 0 || v[2] >= static_cast<std::int64_t>(kMostDrawnWires))
        return bad(place, said("slot {} is no input; inputs count from 0", v[2]));
    return Edge{v[0], v[1], static_cast<int>(v[2])};
}

Result<const Json*> list(const Json& json, const char* key, std::size_t most) {
    const auto it = json.find(key);
    if (it == json.end() || !it->is_array()) return bad("graph", said("\"{}\" must be a list", key));
    if (it->size() > most)
        return bad("graph", said("\"{}\" has {} members; at most {} are read", key, it->size(), most));
    return &*it;
}

/// Groups, notes and bends: left out where there are none.
void addPlaces(Json& out, const ModelGraph& graph) {
    for (const Group& g : graph.groups()) {
        Json group = {{"id", g.id}, {"title", g.title}};
        if (g.block) group["block"] = {{"folded", g.folded}, {"repeat", g.repeat}};
        out["groups"].push_back(std::move(group));
    }
    for (const Note& n : graph.notes())
        out["notes"].push_back({{"id", n.id}, {"text", n.text}, {"x", n.position.x}, {"y", n.position.y}, {"width", n.width}});
    for (const auto& [ends, points] : graph.allBends()) {
        Json places = Json::array();
        for (const Point& p : points) places.push_back({p.x, p.y});
        out["bends"].push_back({ends.first, ends.second, std::move(places)});
    }
}

/// The list of that name; an empty one where there is none.
Result<const Json*> optionalList(const Json& json, const char* key, std::size_t most) {
    static const Json none = Json::array();
    return json.contains(key) ? list(json, key, most) : Result<const Json*>(&none);
}

/// A text that may be empty. The graph shortens one that is too long: no reason to refuse a whole file.
Result<std::string> words(const Json& json, const char* key, const std::string& place) {
    const auto it = json.find(key);
    if (it == json.end() || !it->is_string()) return bad(place, said("\"{}\" must be a text", key));
    return it->get<std::string>();
}

Result<Group> groupFromJson(const Json& entry, const std::string& place) {
    if (const Result<> known = onlyKeys(entry, std::array<std::string_view, 3>{"id", "title", "block"}, place); !known) return known.error();
    if (!entry.contains("id")) return bad(place, said("\"id\" is missing"));
    const Result<GroupId> id = whole(entry["id"], place + ".id");
    if (!id) return id.error();
    Result<std::string> title = words(entry, "title", place);
    if (!title) return title.error();
    Group group{.id = *id, .title = std::move(*title)};
    if (const auto block = entry.find("block"); block != entry.end()) {
        if (const Result<> known = onlyKeys(*block, std::array<std::string_view, 2>{"folded", "repeat"}, place + ".block"); !known) return known.error();
        group.block = true;
        if (const Result<> read = flag(*block, "folded", place, group.folded); !read) return read.error();
        const Result<std::int64_t> repeat = block->contains("repeat") ? whole((*block)["repeat"], place + ".repeat") : Result<std::int64_t>(1);
        if (!repeat) return repeat.error();
        group.repeat = *repeat;
    }
    if (group.repeat < 1 || group.repeat > Group::kMostRepeats)
        return bad(place, said("\"repeat\" must be 1 to {}", Group::kMostRepeats));
    return group;
}

Result<Note> noteFromJson(const Json& entry, const std::string& place, bool* onEdge) {
    if (const Result<> known = onlyKeys(entry, std::array<std::string_view, 5>{"id", "text", "x", "y", "width"}, place); !known) return known.error();
    const Result<NoteId> id = entry.contains("id") ? whole(entry["id"], place + ".id") : Result<NoteId>(0);
    if (!id) return id.error();
    Result<std::string> text = words(entry, "text", place);
    if (!text) return text.error();
    const Result<Point> position = placeFromJson(entry, place, onEdge);
    if (!position) return position.error();
    const Result<double> width = entry.contains("width") ? coordinate(entry, "width", place) : Result<double>(Note().width);
    if (!width) return width.error();
    if (*width < 40 || *width > 4000) return bad(place, said("\"width\" must be 40 to 4000"));
    return Note{*id, std::move(*text), *position, *width};
}

struct Bend {
    NodeId from = 0, to = 0;
    std::vector<Point> points;
};

Result<Bend> bendFromJson(const Json& entry, const std::string& place, std::size_t most) {
    if (!entry.is_array() || entry.size() != 3 || !entry[2].is_array()) return bad(place, said("must be [from, to, [[x, y], ...]]"));
    const Result<std::int64_t> from = whole(entry[0], place), to = whole(entry[1], place);
    if (!from) return from.error();
    if (!to) return to.error();
    Bend bend{*from, *to, {}};
    for (const Json& p : entry[2]) {
        if (bend.points.size() == most) break;
        const bool numbers = p.is_array() && p.size() == 2 && p[0].is_number() && p[1].is_number();
        const Point at = numbers ? Point{p[0].get<double>(), p[1].get<double>()} : Point{NAN, NAN};
        if (!(std::abs(at.x) <= kFarthest && std::abs(at.y) <= kFarthest)) return bad(place, said("must name places on the canvas"));
        bend.points.push_back(at);
    }
    return bend;
}

/// Reads a drawing; with `mends` what cannot be is left out or mended where cards and wires do not suffer.
class DrawingReader {
public:
    explicit DrawingReader(DrawingMends* mends)
        : m_mends(mends) {}

    Result<ModelGraph> read(const Json& json);

private:
    Result<> readNodes(const Json& list);
    Result<> readEdges(const Json& list);
    Result<> readGroups(const Json& list, ModelGraph& graph);
    Result<> readNotes(const Json& list, ModelGraph& graph);
    Result<> readBends(const Json& list, ModelGraph& graph);
    void renumber();
    NodeId now(NodeId id) const {
        if (m_mends == nullptr) return id;
        const auto it = m_mends->renumbered.find(id);
        return it == m_mends->renumbered.end() ? id : it->second;
    }
    /// A mistake that ends the reading, or one that is told once a kind.
    Result<> mistake(const Error& error, const char* what) {
        if (m_mends == nullptr) return error;
        if (++m_left[what] == 1) m_first[what] = error.message;
        return {};
    }
    void tell();

    DrawingMends* m_mends;
    std::vector<Node> m_nodes;
    std::vector<Edge> m_edges;
    std::map<std::string, int> m_left; ///< how many of a kind were left out
    std::map<std::string, std::string> m_first;
    int m_broughtBack = 0; ///< cards and notes that were off the canvas
    std::string m_firstBack;
};

Result<> DrawingReader::readNodes(const Json& list) {
    for (const Json& entry : list) {
        bool onEdge = false;
        Result<Node> node = nodeFromJson(entry, fmt::format("nodes[{}]", m_nodes.size()), m_mends == nullptr ? nullptr : &onEdge);
        if (!node) return node.error();
        if (onEdge && ++m_broughtBack == 1) m_firstBack = node->name;
        m_nodes.push_back(std::move(*node));
    }
    if (m_mends != nullptr) renumber();
    return {};
}

void DrawingReader::renumber() {
    const auto fits = [](const Node& node) { return node.id > 0 && node.id <= kMostNodeId; };
    std::unordered_set<NodeId> taken;
    for (const Node& node : m_nodes) {
        if (fits(node)) taken.insert(node.id);
    }
    NodeId next = 1;
    for (Node& node : m_nodes) {
        if (fits(node) || m_mends->renumbered.contains(node.id)) continue; // the same twice: build() says so
        while (!taken.insert(next).second) ++next;
        m_mends->renumbered[node.id] = next;
        node.id = next;
    }
    if (!m_mends->renumbered.empty()) {
        m_mends->remarks.push_back(said("{} layers had numbers that no layer may have; they were numbered anew.",
                                        m_mends->renumbered.size()));
    }
}

Result<> DrawingReader::readEdges(const Json& list) {
    for (const Json& entry : list) {
        const Result<Edge> edge = edgeFromJson(entry, fmt::format("edges[{}]", m_edges.size()));
        if (!edge) return edge.error();
        m_edges.push_back({now(edge->from), now(edge->to), edge->slot});
    }
    return {};
}

Result<> DrawingReader::readGroups(const Json& list, ModelGraph& graph) {
    std::unordered_map<GroupId, std::vector<NodeId>> members;
    for (const ModelGraph::NodePtr& node : graph.nodes()) {
        if (node->group != 0) members[node->group].push_back(node->id);
    }
    std::unordered_set<GroupId> read;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string place = fmt::format("groups[{}]", i);
        Result<Group> group = groupFromJson(list[i], place);
        if (!group) {
            if (const Result<> told = mistake(group.error(), toSay("groups")); !told) return told;
            continue;
        }
        const GroupId id = group->id;
        const auto in = members.find(id);
        if (id <= 0 || id > kMostNodeId || in == members.end() || !read.insert(id).second) {
            const Error error = bad(place, said("{} is no id of a group: it is used once, and by at least one card", id));
            if (const Result<> told = mistake(error, "groups"); !told) return told;
            continue;
        }
        // The cards say themselves where they are: one of them is enough to make the group.
        (void)graph.addGroup(std::move(*group), std::span(in->second).first(1));
    }
    for (const auto& [id, cards] : members) {
        if (read.contains(id)) continue;
        const Node* card = graph.find(cards.front());
        const Error error = bad(fmt::format("\"{}\"", card->name), said("is in group {}, which does not exist", id));
        if (const Result<> told = mistake(error, "groups"); !told) return told;
        for (const NodeId member : cards) graph.setGroup(member, 0);
    }
    return {};
}

Result<> DrawingReader::readNotes(const Json& list, ModelGraph& graph) {
    std::unordered_set<NoteId> taken;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string place = fmt::format("notes[{}]", i);
        bool onEdge = false;
        Result<Note> note = noteFromJson(list[i], place, m_mends == nullptr ? nullptr : &onEdge);
        const bool good = note && note->id > 0 && note->id <= kMostNodeId && taken.insert(note->id).second;
        if (note && !good) note = bad(place, said("{} is no id of a note, or is taken", note->id));
        if (!note) {
            if (const Result<> told = mistake(note.error(), toSay("notes")); !told) return told;
            continue;
        }
        if (onEdge && ++m_broughtBack == 1) m_firstBack = place;
        (void)graph.addNote(std::move(*note));
    }
    return {};
}

Result<> DrawingReader::readBends(const Json& list, ModelGraph& graph) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string place = fmt::format("bends[{}]", i);
        Result<Bend> bend = bendFromJson(list[i], place, kMostBends);
        if (!bend) {
            if (const Result<> told = mistake(bend.error(), toSay("bends of wires")); !told) return told;
            continue;
        }
        if (list[i][2].size() > kMostBends) {
            const Error error = bad(place, said("a wire has at most {} bends", kMostBends));
            if (const Result<> told = mistake(error, toSay("bends of wires")); !told) return told;
        }
        graph.setBends(now(bend->from), now(bend->to), std::move(bend->points));
    }
    return {};
}

void DrawingReader::tell() {
    if (m_broughtBack > 0) {
        const std::string end = grouped(static_cast<std::int64_t>(kFarthest));
        m_mends->remarks.push_back(said("Some cards or notes ({}) had no place on the canvas, which goes from -{} to {}, the first is \"{}\"; each was "
                                        "put at its nearest place, or in the middle where it had none.",
                                        m_broughtBack, end, end, m_firstBack));
    }
    for (const auto& [what, count] : m_left) {
        m_mends->remarks.push_back(said("Some {} of the drawing are not taken over ({} in all), the first because of {}", saidWord(what), count,
                                        m_first[what]));
    }
}

Result<ModelGraph> DrawingReader::read(const Json& json) {
    static constexpr std::array<std::string_view, 5> keys{"nodes", "edges", "groups", "notes", "bends"};
    if (const Result<> known = onlyKeys(json, keys, "graph"); !known) return known.error();
    const Result<const Json*> nodes = list(json, "nodes", kMostDrawnCards), edges = list(json, "edges", kMostDrawnWires);
    if (!nodes) return nodes.error();
    if (!edges) return edges.error();
    if (const Result<> r = readNodes(**nodes); !r) return r.error();
    if (const Result<> r = readEdges(**edges); !r) return r.error();
    Result<ModelGraph> graph = ModelGraph::build(std::move(m_nodes), std::move(m_edges));
    if (!graph) return graph;
    struct Part {
        const char* key;
        std::size_t most;
        Result<> (DrawingReader::*read)(const Json&, ModelGraph&);
    };
    for (const Part& part : {Part{"groups", kMostDrawnCards, &DrawingReader::readGroups}, Part{"notes", kMostNotes, &DrawingReader::readNotes},
                             Part{"bends", kMostDrawnWires, &DrawingReader::readBends}}) {
        static const Json none = Json::array();
        Result<const Json*> entries = optionalList(json, part.key, part.most);
        if (!entries) {
            if (const Result<> told = mistake(entries.error(), part.key); !told) return told.error();
            entries = &none;
        }
        if (const Result<> r = (this->*part.read)(**entries, *graph); !r) return r.error();
    }
    if (m_mends != nullptr) tell();
    return graph;
}

} // namespace

Json toJson(const ModelGraph& graph) {
    Json nodes = Json::array();
    for (const ModelGraph::NodePtr& n : graph.nodes()) {
        Json node = {{"id", n->id},
                     {"type", n->type},
                     {"name", n->name},
                     {"params", toJson(n->params)},
                     {"trainable", n->trainable},
                     {"x", n->position.x},
                     {"y", n->position.y}};
        if (n->bypassed) node["bypassed"] = true;
        if (n->group != 0) node["group"] = n->group;
        nodes.push_back(std::move(node));
    }
    Json edges = Json::array();
    for (const Edge& e : graph.edges())
        edges.push_back({e.from, e.to, e.slot});
    Json out = {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
    addPlaces(out, graph);
    return out;
}

Result<ModelGraph> graphFromJson(const Json& json) {
    return DrawingReader(nullptr).read(json);
}

Result<ModelGraph> graphFromJson(const Json& json, DrawingMends& mends) {
    return DrawingReader(&mends).read(json);
}

} // namespace strata
