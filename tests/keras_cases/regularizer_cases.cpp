// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/constraint.h"
#include "tests/keras_cases/keras_values.h"

namespace strata::keras_cases {
namespace {

Outcome runRegularizer(const Json& c) {
    const bool regularizer = c.at("kind") == "regularizer";
    std::string lacking;
    const TypedParams which = typedFrom(regularizer ? regularizerFamily() : constraintFamily(),
                                        {{"class_name", c.at("class")}, {"config", c.at("config")}}, lacking);
    if (!lacking.empty()) return unsupported(lacking);
    const Array input = arrayFrom(c.at("input"));
    std::vector<float> w = floats(input);
    const Array value = arrayFrom(c.at("value"));
    if (!regularizer) {
        Constraint(which, input.shape).apply(w);
        const std::string why = difference("value", std::span<const float>(w), value, 1e-5, 1e-7);
        return why.empty() ? passed() : failed(why);
    }
    const std::vector<double> got{penalty(which, w)};
    std::string why =
        difference("value", std::span<const double>(got), value, kOutputRelative, kOutputAbsolute);
    if (why.empty() && c.contains("grad")) {
        std::vector<float> gradient(w.size(), 0.0F);
        addPenaltyGradient(which, w, gradient);
        why = difference("grad", std::span<const float>(gradient), arrayFrom(c["grad"]), kGradRelative,
                         kGradAbsolute);
    }
    return why.empty() ? passed() : failed(why);
}

} // namespace

Suite regularizerSuite() {
    return {.files = {"regularizers_constraints.json"},
            .run = runRegularizer,
            .compared = {"value", "grad"},
            .understood = {"id", "kind", "class", "source", "config", "input"}};
}

} // namespace strata::keras_cases
