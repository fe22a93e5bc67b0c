// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/activation.h"
#include "tests/keras_cases/keras_values.h"
#include "tests/support/layer_rig.h"

namespace strata::keras_cases {
namespace {

/// The function with Keras's keyword arguments; an argument that is not one of ours is named in `lacking`.
math::ActivationFunction functionFrom(math::Activation kind, const Json& args, std::string& lacking) {
    using enum math::Activation;
    math::ActivationFunction f(kind);
    for (const auto& [key, value] : args.items()) {
        const bool slope = (key == "negative_slope" && (kind == Relu || kind == LeakyRelu)) ||
                           (key == "alpha" && (kind == Elu || kind == Celu)) ||
                           (key == "threshold" && (kind == HardShrink || kind == SoftShrink)) ||
                           (key == "b" && kind == Squareplus);
        if (slope)
            f.alpha = value.get<float>();
        else if (key == "threshold" && kind == Relu)
            f.threshold = value.get<float>();
        else if (key == "max_value" && kind == Relu && !value.is_null())
            f.maxValue = value.get<float>();
        else if (key == "approximate" && kind == Gelu)
            f = value.get<bool>() ? math::ActivationFunction(GeluTanh) : f;
        else if (key == "axis" && value == -1)
            continue;
        else if (!value.is_null())
            lacking = key + " = " + value.dump();
    }
    return f;
}

std::vector<float> cotangents(std::size_t n) {
    std::vector<float> out(n);
    for (std::size_t i = 0; i < n; ++i)
        out[i] = static_cast<float>(test::cotangent(static_cast<std::int64_t>(i)));
    return out;
}

/// In a network softmax takes another axis as a layer only.
Outcome runSoftmaxLayer(const Json& c, const Array& input) {
    const LayerType& type = *findLayerType("Softmax");
    const Converted converted = convert(type.schema, c.at("args"));
    if (!converted.lacking.empty()) return unsupported("Softmax " + converted.lacking);
    const std::vector<Shape> samples{Shape({input.shape.begin() + 1, input.shape.end()})};
    const Result<ParamMap> params = converted.refused.empty() ? type.schema.check(converted.params) : failure("", converted.refused);
    if (!params) return failed(params.error().message);
    if (const Result<LayerPlan> plan = planLayer(type, *params, samples); !plan) return unsupported("Softmax: " + plan.error().message);
    test::LayerRig rig(type, *params, samples, input.shape.front());
    std::ranges::copy(floats(input), rig.inputs[0].data());
    rig.forward();
    std::string why = difference("output", std::span<const float>(rig.output.span()), arrayFrom(c.at("output")), kOutputRelative, kOutputAbsolute);
    if (!why.empty()) return failed(why);
    if (!c.contains("grad") || c["grad"].is_null()) return passed();
    std::ranges::copy(cotangents(input.data.size()), rig.outputGrad.data());
    rig.backward();
    why = difference("grad", std::span<const float>(rig.inputGrads[0].span()), arrayFrom(c["grad"]), kGradRelative, kGradAbsolute);
    return why.empty() ? passed() : failed(why);
}

Outcome runActivation(const Json& c) {
    const std::string name = c.at("activation");
    const std::optional<math::Activation> kind = math::activationFromName(name);
    if (!kind) return unsupported("activation " + name);
    Array input = arrayFrom(c.at("input"));
    Json args = c.at("args");
    // The last axis by its positive number.
    if (args.contains("axis") && args["axis"] == static_cast<std::int64_t>(input.shape.size()) - 1)
        args["axis"] = -1;
    if (name == "softmax" && args.contains("axis") && args["axis"] != -1) {
        if (input.shape.size() < 2 || input.data.empty()) return failed("the input has no samples");
        return runSoftmaxLayer(c, input);
    }
    std::string lacking;
    const math::ActivationFunction f = functionFrom(*kind, args, lacking);
    if (!lacking.empty()) return unsupported(name + " " + lacking);
    const std::vector<float> x = floats(input);
    if (x.empty()) return failed("the input is empty");
    const std::int64_t channels = input.shape.empty() ? 1 : input.shape.back();
    const std::int64_t rows = static_cast<std::int64_t>(x.size()) / channels;
    std::vector<float> y(x.size());
    math::activate(f, rows, channels, x.data(), y.data());
    std::string why = difference("output", std::span<const float>(y), arrayFrom(c.at("output")),
                                 kOutputRelative, kOutputAbsolute);
    if (!why.empty()) return failed(why);
    if (!c.contains("grad") || c["grad"].is_null()) return passed();
    const std::vector<float> dy = cotangents(x.size());
    std::vector<float> dx(x.size());
    math::activateBackward(f, rows, channels, x.data(), y.data(), dy.data(), dx.data());
    why = difference("grad", std::span<const float>(dx), arrayFrom(c["grad"]), kGradRelative, kGradAbsolute);
    return why.empty() ? passed() : failed(why);
}

} // namespace

Suite activationSuite() {
    return {.files = {"activations.json"},
            .run = runActivation,
            .compared = {"output", "grad"},
            .understood = {"id", "activation", "source", "args", "input", "note"}};
}

} // namespace strata::keras_cases
