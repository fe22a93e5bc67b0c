// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/border_types.h"
#include "engine/layers/layer_type_of.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::array<std::int64_t, 2> cropping{1, 1};
};

} // namespace

LayerType cropping1d() {
    SchemaOf<Params> schema({.id = "Cropping1D",
                             .category = "reshaping",
                             .doc = "Cuts the border of its input off: before and after.",
                             .reference = "https://keras.io/api/layers/reshaping_layers/cropping1d/",
                             .synonyms = {"crop", "trim", "border"}});
    schema.field(&Params::cropping, {.key = "cropping",
                                     .label = "Cropping",
                                     .doc = "How many cells are cut off before and after.",
                                     .min = 0,
                                     .max = 65536});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) { return croppingPlan(inputs[0], p.cropping); };
    parts.create = [](const Params& p, std::span<const Shape> inputs) { return makeCropping(inputs[0], p.cropping); };
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.cropping, ", ")); };
    parts.examples = {{"Nothing or one", {}, {Shape{5, 3}}},
                      {"Unequal", {{"cropping", ParamValue::IntList{1, 0}}}, {Shape{5, 3}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
