// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/activation_layer.h"
#include "engine/layers/layer_type_of.h"

namespace strata::layers {
namespace {

struct Params {
    std::optional<double> maxValue;
    double negativeSlope = 0;
    double threshold = 0;
};

math::ActivationFunction functionOf(const Params& p) {
    math::ActivationFunction f(math::Activation::Relu);
    f.alpha = static_cast<float>(p.negativeSlope);
    if (p.maxValue) f.maxValue = static_cast<float>(*p.maxValue);
    f.threshold = static_cast<float>(p.threshold);
    return f;
}

} // namespace

LayerType relu() {
    SchemaOf<Params> schema(
        {.id = "ReLU",
         .category = "activation",
         .doc = "Lets positive values pass and sets the others to zero: the simplest bend, and the usual "
                "one. Options give negative values a small slope, or cut large ones off.",
         .reference = "https://keras.io/api/layers/activation_layers/relu/",
         .synonyms = {"rectifier", "rectified linear"}});
    schema.field(
        &Params::maxValue,
        {.key = "max_value", .label = "Largest value", .doc = "Values above it become it. None: no limit.", .min = 0});
    schema.field(&Params::negativeSlope, {.key = "negative_slope",
                                          .label = "Negative slope",
                                          .doc = "How much of a value below the threshold is left.",
                                          .min = 0});
    schema.field(&Params::threshold,
                 {.key = "threshold",
                  .label = "Threshold",
                  .doc = "Where the line begins; below it only the negative slope counts.",
                  .min = 0});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        return activationPlan(functionOf(p), inputs[0]);
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<ActivationLayer>(functionOf(p), inputs[0]);
    };
    parts.summary = [](const Params& p) {
        return p.maxValue             ? said("up to {:.4g}", *p.maxValue)
               : p.negativeSlope != 0 ? said("slope {:.4g}", p.negativeSlope)
                                      : std::string();
    };
    parts.examples = {
        {"Plain", {}, {Shape{3, 4}}},
        {"All options", {{"max_value", 1.5}, {"negative_slope", 0.2}, {"threshold", 0.3}}, {Shape{2, 3, 4}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
