// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_type_of.h"
#include "engine/layers/view_layer.h"

namespace strata::layers {
namespace {

struct Params {};

} // namespace

LayerType identity() {
    SchemaOf<Params> schema({.id = "Identity",
                             .category = "core",
                             .doc = "Hands its input on as it is: a place with a name, or the straight way past a "
                                    "block.",
                             .reference = "https://keras.io/api/layers/core_layers/identity/",
                             .synonyms = {"nothing", "pass", "skip"}});
    LayerParts<Params> parts;
    parts.plan = [](const Params&, std::span<const Shape> inputs) -> Result<LayerPlan> {
        return viewPlan(inputs[0]);
    };
    parts.create = [](const Params&, std::span<const Shape>) -> std::unique_ptr<Layer> {
        return std::make_unique<ViewLayer>();
    };
    parts.examples = {{"A picture", {}, {Shape{3, 2, 4}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
