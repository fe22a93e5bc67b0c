// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/activation_layer.h"
#include "engine/layers/layer_type_of.h"

namespace strata::layers {
namespace {

struct Params {
    double alpha = 1;
};

math::ActivationFunction functionOf(const Params& p) {
    math::ActivationFunction f(math::Activation::Elu);
    f.alpha = static_cast<float>(p.alpha);
    return f;
}

} // namespace

LayerType elu() {
    SchemaOf<Params> schema({.id = "ELU",
                             .category = "activation",
                             .doc = "As ReLU, but negative values run smoothly towards -alpha (Clevert et "
                                    "al., 2016), which keeps the mean near zero.",
                             .reference = "https://keras.io/api/layers/activation_layers/elu/",
                             .synonyms = {"exponential linear unit"}});
    schema.field(
        &Params::alpha,
        {.key = "alpha", .label = "Alpha", .doc = "Towards minus this the negative values run.", .min = 0});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        return activationPlan(functionOf(p), inputs[0]);
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<ActivationLayer>(functionOf(p), inputs[0]);
    };
    parts.summary = [](const Params& p) {
        return p.alpha == 1 ? std::string() : said("alpha {:.4g}", p.alpha);
    };
    parts.examples = {{"Plain", {}, {Shape{3, 4}}}, {"Steeper", {{"alpha", 1.5}}, {Shape{2, 3, 4}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
