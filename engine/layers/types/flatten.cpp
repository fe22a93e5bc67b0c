// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/view_layer.h"

namespace strata::layers {
namespace {

struct Params {};

} // namespace

LayerType flatten() {
    SchemaOf<Params> schema(
        {.id = "Flatten",
         .category = "reshaping",
         .doc = "Lays all values of a sample out in one row, in the order in which they are stored (row by "
                "row, the "
                "channels of a cell beside each other). Needed between a picture and a Dense layer.",
         .reference = "https://keras.io/api/layers/reshaping_layers/flatten/",
         .synonyms = {"vector", "reshape"}});
    LayerParts<Params> parts;
    parts.plan = [](const Params&, std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Shape& in = inputs[0];
        return viewPlan(Shape{in.isKnown() ? in.count() : Shape::kUnknown});
    };
    parts.create = [](const Params&, std::span<const Shape>) -> std::unique_ptr<Layer> {
        return std::make_unique<ViewLayer>();
    };
    parts.examples = {{"A picture", {}, {Shape{3, 2, 4}}}, {"Already flat", {}, {Shape{5}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "");
}

} // namespace strata::layers
