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

Outcome runActivation(const Json& c) {
    const std::string name = c.at("activation");
    const std::optional<math::Activation> kind = math::activationFromName(name);
    if (!kind) return unsupported("activation " + name);
    Array input = arrayFrom(c.at("input"));
    Json args = c.at("args");
    // The last axis by its positive number.
    if (args.contains("axis") && args["axis"] == static_cast<std::int64_t>(input.shape.size()) - 1)
        args["axis"] = -1;
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
    std::vector<float> dy(x.size());
    for (std::size_t i = 0; i < dy.size(); ++i)
        dy[i] = static_cast<float>(test::cotangent(static_cast<std::int64_t>(i)));
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
