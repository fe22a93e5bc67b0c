// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/keras_model_check.h"

#include "engine/graph/analysis.h"
#include "engine/interop/keras_objects.h"
#include "engine/network/network.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace strata::test {
namespace {

using Json = nlohmann::json;
using Kind = ModelCheck::Kind;

ModelCheck differs(std::string why) {
    return {Kind::Different, std::move(why)};
}

bool isLacking(const Error& error) {
    return error.id == "keras.unknown_layer" || error.id == "keras.option" ||
           error.id == "keras.shared_layer" || error.id == "keras.call_argument";
}

double realOf(const Json& value) {
    if (value.is_number()) return value.get<double>();
    constexpr double infinity = std::numeric_limits<double>::infinity();
    return value == "Infinity" ? infinity : value == "-Infinity" ? -infinity : std::nan("");
}

/// "" where all of the case's statements about the layers are true of the drawing.
std::string layersDiffer(const ModelGraph& graph, const Json& expected) {
    const GraphReport report = analyse(graph);
    if (report.hasErrors()) return report.problems.front().text;
    for (const Json& layer : expected.at("layers")) {
        const std::string name = layer.at("name");
        const Node* node = graph.findByName(name);
        if (node == nullptr) return "there is no layer " + name;
        const NodeReport& r = *report.find(node->id);
        if (Json(keras::shapeToKeras(r.plan.output)) != layer.at("output_shape")) {
            return fmt::format("{} has the output {}, not {}", name, r.plan.output.kerasText(),
                               layer.at("output_shape").dump());
        }
        if (r.parameters != layer.at("params"))
            return fmt::format("{} has {} parameters, not {}", name, r.parameters, layer.at("params").dump());
        if (layer.contains("trainable_params") && r.trainableParameters != layer["trainable_params"]) {
            return fmt::format("{} has {} trainable parameters, not {}", name, r.trainableParameters,
                               layer["trainable_params"].dump());
        }
        if (!layer.contains("weights")) continue;
        for (std::size_t k = 0; k < layer.at("weights").size(); ++k) {
            const Json& w = layer.at("weights")[k];
            if (k >= r.plan.weights.size() || Json(r.plan.weights[k].dims) != w.at("shape") ||
                r.plan.weights[k].name != w.at("name")) {
                return fmt::format("weight {} of {} is not {}", k, name, w.dump());
            }
        }
    }
    const auto total = [&](const char* key, std::int64_t ours) {
        return expected.contains(key) && expected[key] != ours
                   ? fmt::format("{} is {}, not {}", key, ours, expected[key].dump())
                   : std::string();
    };
    std::string why = total("total_params", report.totals.parameters);
    if (why.empty()) why = total("trainable_params", report.totals.trainableParameters);
    if (why.empty())
        why = total("non_trainable_params", report.totals.parameters - report.totals.trainableParameters);
    return why;
}

std::string outputsDiffer(const DocumentState& state, const Json& expected, ModelTolerance tolerance) {
    const Json& input = expected.at("inputs").at(0);
    std::vector<float> values;
    for (const Json& v : input.at("data"))
        values.push_back(static_cast<float>(realOf(v)));
    const Result<std::vector<float>> ours =
        predict(state, values, input.at("shape").at(0).get<std::int64_t>());
    if (!ours) return ours.error().message;
    const Json& theirs = expected.at("outputs").at(0).at("data");
    if (ours->size() != theirs.size()) return fmt::format("{} outputs, not {}", ours->size(), theirs.size());
    double largest = 0;
    for (const Json& v : theirs)
        largest = std::max(largest, std::abs(realOf(v)));
    double worst = 0;
    for (std::size_t i = 0; i < theirs.size(); ++i) {
        const double d = std::abs(static_cast<double>((*ours)[i]) - realOf(theirs[i]));
        worst = std::isnan(d) ? d : std::max(worst, d);
        if (std::isnan(d)) break;
    }
    const double allowed = tolerance.relative * largest + tolerance.absolute;
    return worst <= allowed ? std::string()
                            : fmt::format("outputs differ by {:.3g}, allowed are {:.3g}", worst, allowed);
}

} // namespace

Result<std::vector<float>> predict(const DocumentState& state, std::span<const float> inputs,
                                   std::int64_t samples) {
    Workers workers(1);
    Result<std::unique_ptr<Network>> network = Network::compile(state.graph, {.batch = samples}, workers);
    if (!network) return network.error();
    if (state.trained != nullptr) (*network)->load(state.trained->weights);
    if ((*network)->inputShape().count() * samples != static_cast<std::int64_t>(inputs.size())) {
        return failure("test.inputs", fmt::format("{} inputs for {} samples of {}", inputs.size(), samples,
                                                  (*network)->inputShape().text()));
    }
    std::ranges::copy(inputs, (*network)->input().begin());
    (*network)->forward(samples, false);
    const std::span<const float> out = (*network)->output();
    return std::vector<float>(out.begin(), out.end());
}

ModelCheck checkModelFile(const std::filesystem::path& file, const Json& expected, ModelTolerance tolerance) {
    const Result<OpenedDocument> opened = openDocument(file);
    const std::string name = file.filename().string();
    if (name.ends_with(".weights.h5")) {
        if (!opened && opened.error().id == "keras.weights_only") return {};
        return differs(name + ": weights alone were taken for a model");
    }
    if (!opened)
        return {isLacking(opened.error()) ? Kind::Unsupported : Kind::Different, opened.error().message};
    std::string why = layersDiffer(opened->state.graph, expected);
    if (!why.empty()) return differs(name + ": " + why);
    const Json compiled = expected.contains("compiled")              ? expected["compiled"]
                          : expected.contains("has_training_config") ? expected["has_training_config"]
                                                                     : Json();
    if (!compiled.is_null() && file.extension() != ".json" && compiled != opened->compiled)
        return differs(name + ": compiled or not");
    const bool hasWeights = file.extension() != ".json";
    if (hasWeights && opened->state.trained->weights.count() != expected.at("total_params")) {
        return differs(fmt::format("{}: {} weights were read", name, opened->state.trained->weights.count()));
    }
    if (!hasWeights || !expected.contains("inputs")) return {};
    why = outputsDiffer(opened->state, expected, tolerance);
    return why.empty() ? ModelCheck{} : differs(name + ": " + why);
}

} // namespace strata::test
