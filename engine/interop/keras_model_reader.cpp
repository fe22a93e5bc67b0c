// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_model_reader.h"

#include "engine/core/said.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/keras_entry.h"
#include "engine/interop/keras_read_layer.h"
#include "engine/interop/keras_tables.h"
#include "engine/layers/layer.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

namespace strata::keras {
namespace {

using Json = nlohmann::json;

constexpr int kMaxModelDepth = 16;

bool isModelClass(std::string_view className) {
    return className == "Sequential" || className == "Functional" || className == "Model";
}

} // namespace

Result<ModelReader::Nodes> ModelReader::readWhole(const Json& model) {
    return readModel(model, {}, m_layers);
}

Result<ModelGraph> ModelReader::graph() const {
    return ModelGraph::build(m_nodes, m_edges);
}

Result<ModelReader::Nodes> ModelReader::readModel(const Json& model, const Scope& scope,
                                                  std::vector<KerasLayer>& layers) {
    const std::string className = textOf(model, "class_name");
    if (scope.depth > kMaxModelDepth)
        return failure("keras.too_deep",
                       said("More than {} models stand one within the other.", kMaxModelDepth));
    const Json& config = memberOf(model, "config");
    if (className == "Sequential") return readSequential(config, scope, layers);
    if (!isModelClass(className)) {
        return failure(
            "keras.no_model",
            className.empty()
                ? said("This is no Keras model: class_name is missing.")
                : said("The model is a \"{}\"; Strata opens Sequential and Functional models.",
                       shortText(className)));
    }
    return readFunctional(config, scope, layers);
}

Result<std::vector<Entry>> ModelReader::entriesOf(const Json& layers) {
    if (!layers.is_array()) return failure("keras.no_layers", said("The model has no list of layers."));
    if (layers.size() > kMaxCards)
        return failure("keras.too_large", said("The model has more than {} layers.", kMaxCards));
    std::vector<Entry> entries;
    std::set<std::string> names;
    for (const Json& layer : layers) {
        Entry e;
        e.whole = &layer;
        e.className = textOf(layer, "class_name");
        e.config = &memberOf(layer, "config");
        e.name = textOf(layer, "name", textOf(*e.config, "name"));
        if (e.className.empty())
            return failure("keras.damaged", said("{} has no class_name.", e.place()));
        // A model within the model may be without a name in old files; a layer is refused where it is read.
        if (e.name.empty() && isModelClass(e.className)) e.name = ModelGraph::snakeCase(e.className);
        if (!names.insert(e.name).second)
            return failure("keras.same_name", said("{}: two layers have this name.", e.place()));
        entries.push_back(std::move(e));
    }
    return entries;
}

Result<NodeId> ModelReader::addCard(Node node, const Nodes& sources, const Scope& scope) {
    if (m_nodes.size() >= kMaxCards || m_edges.size() + sources.size() > kMaxWires) {
        return failure("keras.too_large",
                       said("The model has more than {} layers or {} wires.", kMaxCards, kMaxWires));
    }
    const std::string own = node.name;
    if (m_names.contains(node.name) && !scope.prefix.empty()) node.name = scope.prefix + "_" + own;
    const std::string base = node.name;
    for (int n = 1; m_names.contains(node.name); ++n)
        node.name = fmt::format("{}_{}", base, n);
    m_names.insert(node.name);
    node.id = static_cast<NodeId>(m_nodes.size()) + 1;
    int slot = 0;
    for (const NodeId from : sources)
        m_edges.push_back({from, node.id, slot++});
    m_nodes.push_back(std::move(node));
    return m_nodes.back().id;
}

/// The card for the shape that an old Sequential keeps in its first layer; none where the model was never
/// built. (It is not among Keras's layers: it has no entry in the file, and so no weights.)
Result<ModelReader::Nodes> ModelReader::inputOfFirst(const Entry& first, const Json& config,
                                                     const Scope& scope) {
    Json shape = batchShapeOf(*first.config);
    if (!shape.is_array()) shape = memberOf(config, "build_input_shape");
    if (isModelClass(first.className) || !shape.is_array() || shape.empty() || shape[0].is_array())
        return Nodes{};
    Result<Node> input = readInput(first.name + "_input", {{"batch_shape", shape}});
    if (!input) return input.error();
    Result<NodeId> id = addCard(std::move(*input), {}, scope);
    if (!id) return id.error();
    return Nodes{*id};
}

Result<ModelReader::Nodes> ModelReader::readSequential(const Json& config, const Scope& scope,
                                                       std::vector<KerasLayer>& layers) {
    // Before Keras 2.2.3 the config of a Sequential was the list itself.
    Result<std::vector<Entry>> read = entriesOf(config.is_array() ? config : memberOf(config, "layers"));
    if (!read) return read.error();
    std::vector<Entry>& entries = *read;
    Nodes at;
    if (scope.inputs != nullptr) {
        at = *scope.inputs;
    } else if (!entries.empty() && entries.front().className != kInputLayer) {
        Result<Nodes> input = inputOfFirst(entries.front(), config, scope);
        if (!input) return input.error();
        at = std::move(*input);
        if (at.empty())
            m_remarks.push_back(
                said("The file does not say the shape of its input: set an Input before the first layer."));
    }
    for (const Entry& e : entries) {
        if (e.className == kInputLayer && !at.empty()) continue;
        KerasLayer record{.name = e.name, .className = e.className};
        Result<Nodes> next = callEntry(e, at, 0, scope, record);
        if (!next) return next.error();
        layers.push_back(std::move(record));
        at = std::move(*next);
    }
    if (at.empty()) return failure("keras.no_layers", said("The model has no layers."));
    return at;
}

Result<Node> ModelReader::readOne(const Entry& entry) {
    Result<ReadLayer> read = readLayer(entry.className, entry.name, *entry.config, m_remarks);
    if (!read && read.error().id == "keras.unknown_layer") {
        if (std::ranges::find(m_foreign, entry.place()) == m_foreign.end()) m_foreign.push_back(entry.place()); // once, however often it is called
        return Node{.type = shortText(entry.className), .name = cardName(entry.name)};
    }
    if (!read) return read.error();
    if (read->mustBeLastAxis && *read->mustBeLastAxis != -1) {
        m_axes.push_back({.node = static_cast<NodeId>(m_nodes.size()) + 1,
                          .axis = *read->mustBeLastAxis,
                          .place = entry.place()});
    }
    return std::move(read->node);
}

Result<ModelReader::Nodes> ModelReader::callEntry(const Entry& entry, const Nodes& sources, std::size_t call,
                                                  const Scope& scope, KerasLayer& record) {
    const Json& trainable = memberOf(*entry.config, "trainable");
    record.trainable = scope.trainable && trainable != false;
    if (isModelClass(entry.className)) {
        if (call > 0) {
            return failure("keras.shared_layer",
                           said("{}: the model within the model is called several times; Strata "
                                "cannot draw shared weights.",
                                entry.place()));
        }
        Scope inner{.inputs = sources.empty() ? nullptr : &sources,
                    .prefix = cardName(entry.name),
                    .trainable = record.trainable,
                    .depth = scope.depth + 1};
        Result<Nodes> outputs = readModel(*entry.whole, inner, record.inner);
        if (!outputs)
            return failure(outputs.error().id, said("In the model \"{}\": {}", shortText(entry.name),
                                                    outputs.error().message));
        m_remarks.push_back(said(
            "The model \"{}\" within the model was taken apart: its layers are cards of this drawing.",
            shortText(entry.name)));
        return outputs;
    }
    const bool input = entry.className == kInputLayer;
    Result<Node> node = input ? readInput(entry.name, *entry.config) : readOne(entry);
    if (!node) return node.error();
    const LayerType* type = findLayerType(node->type);
    if (type != nullptr && type->maxInputs >= 0 && sources.size() > static_cast<std::size_t>(type->maxInputs)) {
        return failure("keras.inputs", said("{} is called with {} inputs; it takes at most {}.",
                                            entry.place(), sources.size(), type->maxInputs));
    }
    node->trainable = record.trainable;
    Result<NodeId> id = addCard(std::move(*node), sources, scope);
    if (!id) return id.error();
    if (call == 0)
        record.node = *id;
    else
        m_laterCalls.emplace_back(*id, entry.name);
    return Nodes{*id};
}

} // namespace strata::keras
