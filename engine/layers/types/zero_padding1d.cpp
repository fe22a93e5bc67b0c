// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/border_types.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::array<std::int64_t, 2> padding{1, 1};
};

} // namespace

LayerType zero_padding1d() {
    SchemaOf<Params> schema({.id = "ZeroPadding1D",
                             .category = "reshaping",
                             .doc = "Puts zeros around its input: before and after.",
                             .reference = "https://keras.io/api/layers/reshaping_layers/zero_padding1d/",
                             .synonyms = {"pad", "border", "margin"}});
    schema.field(&Params::padding, {.key = "padding",
                                    .label = "Padding",
                                    .doc = "How many zeros stand before and after.",
                                    .min = 0,
                                    .max = 65536});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) { return zeroPaddingPlan(inputs[0], p.padding); };
    parts.create = [](const Params& p, std::span<const Shape> inputs) { return makeZeroPadding(inputs[0], p.padding); };
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.padding, ", ")); };
    parts.examples = {{"One all around", {}, {Shape{5, 3}}},
                      {"Unequal", {{"padding", ParamValue::IntList{1, 0}}}, {Shape{5, 3}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "padding");
}

} // namespace strata::layers
