// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/border_types.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::array<std::int64_t, 6> cropping{1, 1, 1, 1, 1, 1};
};

} // namespace

LayerType cropping3d() {
    SchemaOf<Params> schema(
        {.id = "Cropping3D",
         .category = "reshaping",
         .doc = "Cuts the border of its input off: before and after, above and below, left and right.",
         .reference = "https://keras.io/api/layers/reshaping_layers/cropping3d/",
         .synonyms = {"crop", "trim", "border"}});
    schema.field(&Params::cropping,
                 {.key = "cropping",
                  .label = "Cropping",
                  .doc = "How many cells are cut off before and after, above and below, left and right.",
                  .min = 0,
                  .max = 65536,
                  .groupsOf = 2});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) { return croppingPlan(inputs[0], p.cropping); };
    parts.create = [](const Params& p, std::span<const Shape> inputs) { return makeCropping(inputs[0], p.cropping); };
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.cropping, ", ")); };
    parts.examples = {
        {"Nothing or one", {}, {Shape{3, 4, 5, 2}}},
        {"Unequal", {{"cropping", ParamValue::IntList{1, 0, 2, 1, 0, 1}}}, {Shape{3, 4, 5, 2}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "cropping");
}

} // namespace strata::layers
