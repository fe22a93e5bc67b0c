// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/graph_json.h"

#include "engine/schema/param_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostNodes = 10'000;
constexpr std::size_t kMostEdges = 40'000;
constexpr std::size_t kLongestText = 200;
constexpr double kFarthest = 1e6; ///< logical pixels: what a canvas can still show

Error bad(const std::string& place, std::string_view rule) {
    return failure("json.graph", fmt::format("{}: {}.", place, rule));
}

Result<> onlyKeys(const Json& json, std::span<const std::string_view> keys, const std::string& place) {
    if (!json.is_object()) return bad(place, "must be a JSON object");
    for (const auto& [key, value] : json.items()) {
        if (std::ranges::find(keys, key) == keys.end())
            return bad(place, fmt::format("has an unknown member \"{}\"", key.substr(0, kLongestText)));
    }
    return {};
}

Result<std::string> text(const Json& json, const char* key, const std::string& place) {
    const auto it = json.find(key);
    if (it == json.end() || !it->is_string()) return bad(place, fmt::format("\"{}\" must be a text", key));
    std::string value = it->get<std::string>();
    if (value.empty() || value.size() > kLongestText)
        return bad(place, fmt::format("\"{}\" must have 1 to {} bytes", key, kLongestText));
    return value;
}

Result<std::int64_t> whole(const Json& json, const std::string& place) {
    if (!json.is_number_integer() || (json.is_number_unsigned() && json.get<std::uint64_t>() > INT64_MAX))
        return bad(place, "must be a whole number");
    return json.get<std::int64_t>();
}

Result<double> coordinate(const Json& json, const char* key, const std::string& place) {
    const auto it = json.find(key);
    if (it == json.end()) return 0.0;
    const double v = it->is_number() ? it->get<double>() : NAN;
    if (!(std::abs(v) <= kFarthest))
        return bad(place, fmt::format("\"{}\" must be a number between -1000000 and 1000000", key));
    return v;
}

Result<Node> nodeFromJson(const Json& json, const std::string& place) {
    static constexpr std::array<std::string_view, 7> keys{"id",        "type", "name", "params",
                                                          "trainable", "x",    "y"};
    if (const Result<> known = onlyKeys(json, keys, place); !known) return known.error();
    if (!json.contains("id")) return bad(place, "\"id\" is missing");
    const Result<std::int64_t> id = whole(json["id"], place + ".id");
    if (!id) return id.error();
    Result<std::string> type = text(json, "type", place);
    if (!type) return type.error();
    Result<std::string> name = text(json, "name", place);
    if (!name) return name.error();
    Node node{.id = *id, .type = std::move(*type), .name = std::move(*name)};
    if (const auto it = json.find("params"); it != json.end()) {
        Result<ParamMap> params = paramsFromJson(*it);
        if (!params) return bad(place + ".params", params.error().message);
        node.params = std::move(*params);
    }
    if (const auto it = json.find("trainable"); it != json.end()) {
        if (!it->is_boolean()) return bad(place, "\"trainable\" must be true or false");
        node.trainable = it->get<bool>();
    }
    const Result<double> x = coordinate(json, "x", place);
    if (!x) return x.error();
    const Result<double> y = coordinate(json, "y", place);
    if (!y) return y.error();
    node.position = {*x, *y};
    return node;
}

Result<Edge> edgeFromJson(const Json& json, const std::string& place) {
    if (!json.is_array() || json.size() != 3) return bad(place, "must be [from, to, slot]");
    std::array<std::int64_t, 3> v{};
    for (std::size_t i = 0; i < v.size(); ++i) {
        const Result<std::int64_t> number = whole(json[i], place);
        if (!number) return number.error();
        v[i] = *number;
    }
    if (v[2] < 0 || v[2] >= static_cast<std::int64_t>(kMostEdges))
        return bad(place, fmt::format("slot {} is no input; inputs count from 0", v[2]));
    return Edge{v[0], v[1], static_cast<int>(v[2])};
}

Result<const Json*> list(const Json& json, const char* key, std::size_t most) {
    const auto it = json.find(key);
    if (it == json.end() || !it->is_array()) return bad("graph", fmt::format("\"{}\" must be a list", key));
    if (it->size() > most)
        return bad("graph", fmt::format("\"{}\" has {} members; at most {} are read", key, it->size(), most));
    return &*it;
}

} // namespace

Json toJson(const ModelGraph& graph) {
    Json nodes = Json::array();
    for (const ModelGraph::NodePtr& n : graph.nodes()) {
        nodes.push_back({{"id", n->id},
                         {"type", n->type},
                         {"name", n->name},
                         {"params", toJson(n->params)},
                         {"trainable", n->trainable},
                         {"x", n->position.x},
                         {"y", n->position.y}});
    }
    Json edges = Json::array();
    for (const Edge& e : graph.edges())
        edges.push_back({e.from, e.to, e.slot});
    return {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

Result<ModelGraph> graphFromJson(const Json& json) {
    static constexpr std::array<std::string_view, 2> keys{"nodes", "edges"};
    if (const Result<> known = onlyKeys(json, keys, "graph"); !known) return known.error();
    const Result<const Json*> nodeList = list(json, "nodes", kMostNodes);
    if (!nodeList) return nodeList.error();
    const Result<const Json*> edgeList = list(json, "edges", kMostEdges);
    if (!edgeList) return edgeList.error();
    std::vector<Node> nodes;
    for (const Json& entry : **nodeList) {
        Result<Node> node = nodeFromJson(entry, fmt::format("nodes[{}]", nodes.size()));
        if (!node) return node.error();
        nodes.push_back(std::move(*node));
    }
    std::vector<Edge> edges;
    for (const Json& entry : **edgeList) {
        const Result<Edge> edge = edgeFromJson(entry, fmt::format("edges[{}]", edges.size()));
        if (!edge) return edge.error();
        edges.push_back(*edge);
    }
    return ModelGraph::build(std::move(nodes), std::move(edges));
}

} // namespace strata
