// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/activation_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::int64_t axis = -1;
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Result<int> axis = sampleAxis(p.axis, inputs[0].rank());
    if (!axis) return axis.error();
    if (*axis == inputs[0].rank() - 1) return activationPlan(math::Activation::Softmax, inputs[0]);
    return movedAxisPlan(activationPlan(math::Activation::Softmax, axisMovedLast(inputs[0], *axis)), inputs,
                         *axis);
}

std::unique_ptr<Layer> create(const Params& p, std::span<const Shape> inputs) {
    const int axis = *sampleAxis(p.axis, inputs[0].rank());
    const Shape last = axisMovedLast(inputs[0], axis);
    auto layer = std::make_unique<ActivationLayer>(math::Activation::Softmax, last);
    if (axis == inputs[0].rank() - 1) return layer;
    return movedAxisLayer(std::move(layer), activationPlan(math::Activation::Softmax, last), inputs, axis);
}

} // namespace

LayerType softmax() {
    SchemaOf<Params> schema({.id = "Softmax",
                             .category = "activation",
                             .doc = "Turns a row of values into probabilities: all between 0 and 1, together "
                                    "1. The end of a classifier.",
                             .reference = "https://keras.io/api/layers/activation_layers/softmax/",
                             .synonyms = {"probabilities", "classifier"}});
    schema.field(&Params::axis,
                 {.key = "axis",
                  .label = "Axis",
                  .doc = "Along which axis the values add up to 1; -1 is the last one, 0 would be the batch.",
                  .min = -Shape::kMaxRank,
                  .max = Shape::kMaxRank});
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = create;
    parts.summary = [](const Params& p) {
        return p.axis == -1 ? std::string() : fmt::format("axis {}", p.axis);
    };
    parts.examples = {{"Probabilities of five classes", {}, {Shape{5}}},
                      {"Along the height", {{"axis", 1}}, {Shape{4, 3, 2}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
