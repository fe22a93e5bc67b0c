// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"
#include "engine/core/atomic_file.h"
#include "engine/layers/layer.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace strata::test {

inline std::string fileText(const std::filesystem::path& path) {
    const Result<std::vector<std::byte>> bytes = readWholeFile(path);
    if (!bytes) return {};
    return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

/// The cases of a file with expected values; null where the file is not there.
inline nlohmann::json casesOf(const std::filesystem::path& path) {
    const nlohmann::json json = nlohmann::json::parse(fileText(path), nullptr, false);
    return json.is_object() && json.contains("cases") ? json["cases"] : nlohmann::json::array();
}

/// The layer behind as many Inputs as its example has.
inline ModelGraph graphOf(const LayerType& type, const LayerExample& example) {
    ModelGraph graph;
    if (example.inputs.empty()) {
        const NodeId in = graph.add({.type = type.schema.id, .params = example.params});
        const NodeId out = graph.add({.type = "Activation"});
        (void)graph.connect(in, out);
        return graph;
    }
    std::vector<NodeId> inputs;
    for (const Shape& shape : example.inputs) {
        inputs.push_back(graph.add(
            {.type = "Input",
             .params = {{"shape", ParamValue::IntList(shape.dims().begin(), shape.dims().end())}}}));
    }
    const NodeId layer = graph.add({.type = type.schema.id, .params = example.params});
    int slot = 0;
    for (const NodeId in : inputs)
        (void)graph.connect(in, layer, slot++);
    return graph;
}

/// What two drawings have in common whatever their ids and positions: names, types, full parameters, wires by
/// name.
inline nlohmann::json contentOf(const ModelGraph& graph) {
    nlohmann::json nodes = nlohmann::json::object();
    for (const ModelGraph::NodePtr& n : graph.nodes()) {
        nlohmann::json from = nlohmann::json::array();
        for (const Edge& e : graph.inputsOf(n->id))
            from.push_back(graph.find(e.from)->name);
        std::string params;
        const Result<ParamMap> checked = findLayerType(n->type)->schema.check(n->params);
        if (checked) {
            for (const auto& [key, value] : *checked)
                params += key + "=" + value.text() + " ";
        }
        nodes[n->name] = {n->type, n->trainable, params, from};
    }
    return nodes;
}

} // namespace strata::test
