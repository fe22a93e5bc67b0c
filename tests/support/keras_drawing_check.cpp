// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/keras_drawing_check.h"

#include "engine/graph/analysis.h"
#include "engine/interop/keras_objects.h"
#include "engine/interop/keras_read_layer.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace strata::test {
namespace {

using Json = nlohmann::json;

/// What one of Keras's layers became: its card, or the cards of a model within the model.
struct Part {
    std::vector<const Node*> cards;
    std::vector<const WeightSpec*> weights;
    Shape output;
    std::int64_t parameters = 0, trainable = 0;
};

void addTo(Part& part, const KerasLayer& layer, const ModelGraph& graph, const GraphReport& report) {
    if (layer.node != 0) {
        const NodeReport& r = *report.find(layer.node);
        part.cards.push_back(graph.find(layer.node));
        part.output = r.plan.output;
        part.parameters += r.parameters;
        part.trainable += r.trainableParameters;
        for (const WeightSpec& w : r.plan.weights)
            part.weights.push_back(&w);
    }
    for (const KerasLayer& inner : layer.inner)
        addTo(part, inner, graph, report);
}

std::string weightsDiffer(const std::string& layer, const Part& part, const Json& weights) {
    if (part.weights.size() != weights.size())
        return fmt::format("{} has {} weights, not {}", layer, part.weights.size(), weights.size());
    for (std::size_t k = 0; k < weights.size(); ++k) {
        const Json& w = weights[k];
        const WeightSpec& ours = *part.weights[k];
        const std::string path = "/" + w.value("path", layer + "/" + ours.name);
        const bool inPlace = path.find("/" + layer + "/") != std::string::npos && path.ends_with("/" + ours.name);
        if (Json(ours.dims) != w.at("shape") || ours.name != w.at("name") || !inPlace)
            return fmt::format("weight {} of {} is not {}", k, layer, w.dump());
    }
    return {};
}

/// The class as the file has it, which is Keras 2's in an old one, or as Strata calls it.
bool isOfClass(const KerasLayer& layer, const Part& part, const Json& className) {
    if (layer.node == 0) return layer.className == className;
    const std::string& type = part.cards.front()->type;
    const std::string ours = type == "Input" ? "InputLayer" : type;
    return ours == className || (ours != layer.className && layer.className == className);
}

std::string layerDiffers(const KerasLayer& layer, const Part& part, const Json& expected) {
    const std::string& name = layer.name;
    // A card's name cannot have all characters that Keras's may have, and another card may have it already.
    if (layer.node != 0 && !part.cards.front()->name.starts_with(keras::cardName(name)))
        return fmt::format("{} is called {}", name, part.cards.front()->name);
    if (!isOfClass(layer, part, expected.at("class_name")))
        return fmt::format("{} is a {}, not a {}", name, layer.className, expected["class_name"].dump());
    if (Json(keras::shapeToKeras(part.output)) != expected.at("output_shape"))
        return fmt::format("{} has the output {}, not {}", name, part.output.kerasText(), expected["output_shape"].dump());
    if (part.parameters != expected.at("params"))
        return fmt::format("{} has {} parameters, not {}", name, part.parameters, expected["params"].dump());
    if (expected.contains("trainable_params") && part.trainable != expected["trainable_params"]) {
        return fmt::format("{} has {} trainable parameters, not {}", name, part.trainable,
                           expected["trainable_params"].dump());
    }
    return expected.contains("weights") ? weightsDiffer(name, part, expected["weights"]) : std::string();
}

/// Is this a further call of a layer that has a card already? It has no weights then.
bool isLaterCall(const Node& card, const std::set<const Node*>& known, const GraphReport& report) {
    return report.find(card.id)->plan.weights.empty() && std::ranges::any_of(known, [&](const Node* first) {
        return first->type == card.type && first->params == card.params && card.name.starts_with(first->name + "_");
    });
}

/// "" where every card came from a layer of the file. An old Sequential has the shape of its input in its first layer.
std::string cardsDiffer(const KerasModel& model, const GraphReport& report, const std::set<const Node*>& known) {
    for (const ModelGraph::NodePtr& n : model.graph.nodes()) {
        const bool implied = model.sequential && n->type == "Input";
        if (!known.contains(n.get()) && !implied && !isLaterCall(*n, known, report)) return "there should be no card " + n->name;
    }
    return {};
}

/// Keras's list of a Sequential leaves out its Input.
std::string listDiffers(const KerasModel& model, const std::set<std::string>& named) {
    for (const KerasLayer& layer : model.layers) {
        if (!named.contains(layer.name) && !(model.sequential && layer.className == "InputLayer"))
            return "there should be no layer " + layer.name;
    }
    return {};
}

std::string modelDiffers(const KerasModel& model, const GraphReport& report, const Json& expected) {
    if (expected.contains("class_name")) {
        const Json& kind = expected["class_name"];
        if (model.sequential ? kind != "Sequential" : kind != "Functional" && kind != "Model")
            return fmt::format("the model is {} Sequential, not {}", model.sequential ? "a" : "no", kind.dump());
    }
    // The names in the list are those of Keras's tensors, which no drawing has.
    if (expected.contains("input_names") && expected["input_names"].size() != report.inputs.size())
        return fmt::format("{} inputs, not {}", report.inputs.size(), expected["input_names"].size());
    const std::pair<const char*, std::int64_t> totals[] = {
        {"total_params", report.totals.parameters},
        {"trainable_params", report.totals.trainableParameters},
        {"non_trainable_params", report.totals.parameters - report.totals.trainableParameters}};
    for (const auto& [key, ours] : totals) {
        if (expected.contains(key) && expected[key] != ours)
            return fmt::format("{} is {}, not {}", key, ours, expected[key].dump());
    }
    return {};
}

} // namespace

std::string drawingDiffers(const KerasModel& model, const Json& expected) {
    const GraphReport report = analyse(model.graph);
    if (report.hasErrors()) return report.problems.front().text;
    std::set<std::string> named;
    std::set<const Node*> known;
    for (const Json& layer : expected.at("layers")) {
        const std::string name = layer.at("name");
        const auto it = std::ranges::find(model.layers, name, &KerasLayer::name);
        if (it == model.layers.end()) return "there is no layer " + name;
        Part part;
        addTo(part, *it, model.graph, report);
        if (std::string why = layerDiffers(*it, part, layer); !why.empty()) return why;
        named.insert(name);
        known.insert(part.cards.begin(), part.cards.end());
    }
    std::string why = listDiffers(model, named);
    if (why.empty()) why = cardsDiffer(model, report, known);
    return why.empty() ? modelDiffers(model, report, expected) : why;
}

} // namespace strata::test
