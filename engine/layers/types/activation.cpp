// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/activation_layer.h"
#include "engine/layers/activation_param.h"
#include "engine/layers/layer_type_of.h"

namespace strata::layers {
namespace {

struct Params {
    math::Activation activation = math::Activation::Relu;
};

} // namespace

LayerType activation() {
    SchemaOf<Params> schema({.id = "Activation",
                             .category = "activation",
                             .doc = "Applies a function to every value. Without such bends in between, a "
                                    "stack of layers could do no more "
                                    "than a single one. Often said as a parameter of the layer before; a "
                                    "layer of its own is needed, for "
                                    "instance, after a BatchNormalization or an Add.",
                             .reference = "https://keras.io/api/layers/core_layers/activation/",
                             .synonyms = {"relu", "tanh", "sigmoid", "softmax", "nonlinearity"}});
    schema.field(&Params::activation, activationParam());
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        return activationPlan(p.activation, inputs[0]);
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<ActivationLayer>(p.activation, inputs[0]);
    };
    parts.summary = [](const Params& p) { return std::string(math::activationName(p.activation)); };
    for (const math::Activation a : math::allActivations()) {
        if (a == math::Activation::GeluTanh) continue;
        const std::string name(math::activationName(a));
        parts.examples.push_back({name, {{"activation", name}}, {Shape{2, 3, 4}}});
    }
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
