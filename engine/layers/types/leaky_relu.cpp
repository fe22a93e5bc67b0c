// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/activation_layer.h"
#include "engine/layers/layer_type_of.h"

namespace strata::layers {
namespace {

struct Params {
    double negativeSlope = 0.3;
};

math::ActivationFunction functionOf(const Params& p) {
    math::ActivationFunction f(math::Activation::LeakyRelu);
    f.alpha = static_cast<float>(p.negativeSlope);
    return f;
}

} // namespace

LayerType leaky_relu() {
    SchemaOf<Params> schema({.id = "LeakyReLU",
                             .category = "activation",
                             .doc = "As ReLU, but negative values keep a part of their size, so that no unit "
                                    "can fall silent for good.",
                             .reference = "https://keras.io/api/layers/activation_layers/leaky_relu/",
                             .synonyms = {"leaky rectifier"}});
    schema.field(&Params::negativeSlope, {.key = "negative_slope",
                                          .label = "Negative slope",
                                          .doc = "How much of a negative value is left.",
                                          .min = 0});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        return activationPlan(functionOf(p), inputs[0]);
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<ActivationLayer>(functionOf(p), inputs[0]);
    };
    parts.summary = [](const Params& p) { return said("slope {:.4g}", p.negativeSlope); };
    parts.examples = {{"Keras's slope", {}, {Shape{3, 4}}},
                      {"A small slope", {{"negative_slope", 0.01}}, {Shape{2, 3, 4}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
