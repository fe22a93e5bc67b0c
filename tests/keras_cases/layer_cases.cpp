// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer.h"
#include "tests/keras_cases/cases_backend.h"
#include "tests/keras_cases/keras_values.h"
#include "tests/keras_cases/network_check.h"
#include "tests/support/layer_rig.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::keras_cases {
namespace {

using test::GuardedFloats;
using test::LayerRig;

std::vector<Shape> shapesOf(const Json& inputs) {
    std::vector<Shape> shapes;
    for (const Json& in : inputs)
        shapes.push_back(sampleShape(in.at("shape")));
    return shapes;
}

/// The number of samples, the same in each input.
std::int64_t batchOf(const Json& inputs) {
    for (const Json& in : inputs) {
        if (in.at("shape") != inputs.at(0).at("shape") && in["shape"].at(0) != inputs[0]["shape"].at(0))
            throw std::runtime_error("the inputs differ in their number of samples");
        (void)arrayFrom(in); // throws before anything is made of its size
    }
    return inputs.at(0).at("shape").at(0);
}

bool isRandom(const LayerType& type) {
    return type.schema.category == "regularization";
}

std::string setWeights(LayerRig& rig, const Json& weights) {
    if (weights.size() != rig.weights.size())
        return fmt::format("{} weights, not {}", rig.weights.size(), weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const Array a = arrayFrom(weights[i]);
        const WeightSpec& spec = rig.plan.weights[i];
        if (spec.name != weights[i].at("name"))
            return "weight " + spec.name + " is called " + weights[i].at("name").get<std::string>();
        if (spec.dims != a.shape) return "weight " + spec.name + " has another shape";
        if (weights[i].contains("trainable") && spec.trainable != weights[i]["trainable"].get<bool>())
            return "weight " + spec.name + ": trainable or not";
        std::ranges::copy(floats(a), rig.weights[i].data());
    }
    return {};
}

std::string compareGradients(LayerRig& rig, const Json& c) {
    rig.backward();
    const Json& toInputs = c.at("input_grads");
    if (toInputs.size() != rig.inputGrads.size()) return "another number of input gradients";
    for (std::size_t i = 0; i < toInputs.size(); ++i) {
        if (toInputs[i].is_null()) continue;
        const std::string why =
            difference(fmt::format("input_grads[{}]", i), std::span<const float>(rig.inputGrads[i].span()),
                       arrayFrom(toInputs[i]), kGradRelative, kGradAbsolute);
        if (!why.empty()) return why;
    }
    for (const auto& [name, grad] : c.at("weight_grads").items()) {
        const auto it =
            std::ranges::find_if(rig.plan.weights, [&](const WeightSpec& w) { return w.name == name; });
        if (it == rig.plan.weights.end()) return "no weight " + name;
        const auto i = static_cast<std::size_t>(it - rig.plan.weights.begin());
        const std::string why =
            difference("weight_grads " + name, std::span<const float>(rig.weightGrads[i].span()),
                       arrayFrom(grad), kGradRelative, kGradAbsolute);
        if (!why.empty()) return why;
    }
    return rig.brokenGuard().empty() ? std::string() : rig.brokenGuard() + " was written beyond its end";
}

std::string compareOutput(const LayerRig& rig, const Json& c, std::int64_t batch) {
    const Array expected = arrayFrom(c.at("output"));
    std::vector<std::int64_t> shape{batch};
    for (const std::int64_t d : rig.plan.output.dims())
        shape.push_back(d);
    if (shape != expected.shape) return "output shape " + rig.plan.output.text();
    return difference("output", std::span<const float>(rig.output.span()), expected, kOutputRelative,
                      kOutputAbsolute);
}

/// The case fails, unless it is what its backend computes instead of the layer.
Outcome otherwise(const LayerType& type, const ParamMap& given, const Json& c, const std::string& why) {
    const std::optional<BackendVariant> variant = backendVariant(type, given, arrayFrom(c["inputs"][0]));
    if (!variant) return failed(why);
    const std::vector<Shape> shapes{sampleShape(variant->input.shape)};
    if (!planLayer(type, variant->params, shapes)) return failed(why);
    LayerRig rig(type, variant->params, shapes, variant->input.shape.front(), 1);
    std::ranges::copy(floats(variant->input), rig.inputs[0].data());
    if (!setWeights(rig, c.at("weights")).empty()) return failed(why);
    rig.forward();
    return compareOutput(rig, c, variant->input.shape.front()).empty() ? unsupported(variant->why) : failed(why);
}

Outcome runLayer(const Json& c) {
    const std::string name = c.at("layer");
    const LayerType* type = findLayerType(name);
    if (type == nullptr) return unsupported("layer " + name);
    for (const char* masked : {"input_masks", "mask"}) {
        if (c.contains(masked) && !c[masked].is_null()) return unsupported("masks");
    }
    const Converted converted = convert(type->schema, c.at("config"));
    if (!converted.lacking.empty()) return unsupported(name + " " + converted.lacking);
    if (!converted.refused.empty()) return failed(converted.refused);
    const std::vector<Shape> shapes = shapesOf(c.at("inputs"));
    const Result<LayerPlan> plan = planLayer(*type, converted.params, shapes);
    if (!plan) return failed(plan.error().message);
    const std::int64_t batch = batchOf(c.at("inputs"));
    std::int64_t count = 0;
    for (const WeightSpec& w : plan->weights)
        count += w.count();
    if (count != c.at("count_params").get<std::int64_t>())
        return failed(fmt::format("{} parameters, not {}", count, c["count_params"].dump()));
    if (plan->output != sampleShape(c.at("output").at("shape"))) return failed("output shape " + plan->output.text());
    if (plan->weights.size() != c.at("weights").size())
        return failed(fmt::format("{} weights, not {}", plan->weights.size(), c["weights"].size()));
    LayerRig rig(*type, converted.params, shapes, batch, 2);
    for (std::size_t i = 0; i < shapes.size(); ++i)
        std::ranges::copy(floats(arrayFrom(c["inputs"][i])), rig.inputs[i].data());
    if (const std::string why = setWeights(rig, c.at("weights")); !why.empty()) return failed(why);

    const bool training = c.at("training").is_boolean() && c["training"].get<bool>();
    rig.training = training;
    rig.forward();
    if (const std::string why = compareOutput(rig, c, batch); !why.empty()) return otherwise(*type, converted.params, c, why);
    if (c.contains("weights_after")) {
        const Json& after = c["weights_after"];
        for (const Json& weight : after) {
            const auto it = std::ranges::find_if(
                rig.plan.weights, [&](const WeightSpec& w) { return w.name == weight.at("name"); });
            if (it == rig.plan.weights.end()) return failed("no weight " + weight.at("name").dump());
            const auto i = static_cast<std::size_t>(it - rig.plan.weights.begin());
            const std::string why =
                difference("weights_after " + it->name, std::span<const float>(rig.weights[i].span()),
                           arrayFrom(weight), kOutputRelative, kOutputAbsolute);
            if (!why.empty()) return failed(why);
        }
    }
    if (c.contains("input_grads")) {
        if (!training && !isRandom(*type)) {
            // Gradients of a call that is not training: only a frozen BatchNormalization knows the difference.
            rig.training = true;
            rig.frozen = true;
            rig.forward();
            if (const std::string why = compareOutput(rig, c, batch); !why.empty()) return failed(why);
        }
        if (const std::string why = compareGradients(rig, c); !why.empty()) return failed(why);
    }
    const std::string why = compareInNetwork(*type, converted.params, c);
    return why.empty() ? passed() : failed(why);
}

} // namespace

Suite layerSuite() {
    return {.files = {"layers/*"},
            .run = runLayer,
            .compared = {"output", "input_grads", "weight_grads", "weights_after", "count_params"},
            .understood = {"id", "layer", "source", "config", "training", "inputs", "weights", "reduced_from",
                           "input_masks", "mask", "note"}};
}

Suite convolutionSuite() {
    Suite suite = layerSuite();
    suite.takes = [](const Json& c) {
        const LayerType* type = findLayerType(c.value("layer", ""));
        return type != nullptr && type->schema.category == "convolution" && c.contains("output");
    };
    return suite;
}

} // namespace strata::keras_cases
