// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/index_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/window.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::array<std::int64_t, 6> padding{1, 1, 1, 1, 1, 1};
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != 4) return wrongRank(in, "depth × height × width × channels");
    Shape out = in;
    for (int i = 0; i < 3; ++i) {
        if (in[i] >= 0)
            out.set(i, in[i] + p.padding[static_cast<std::size_t>(2 * i)] +
                           p.padding[static_cast<std::size_t>(2 * i + 1)]);
    }
    return indexPlan(out);
}

std::unique_ptr<Layer> create(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    const Shape out = plan(p, inputs)->output;
    return std::make_unique<IndexLayer>(
        indexTable(out, [&](std::array<std::int64_t, Shape::kMaxRank> at) -> std::int64_t {
            for (int i = 0; i < 3; ++i) {
                auto& place = at[static_cast<std::size_t>(i)];
                place -= p.padding[static_cast<std::size_t>(2 * i)];
                if (place < 0 || place >= in[i]) return -1;
            }
            return flatIndex(in, at);
        }));
}

} // namespace

LayerType zero_padding3d() {
    SchemaOf<Params> schema(
        {.id = "ZeroPadding3D",
         .category = "reshaping",
         .doc = "Puts zeros around its input: before and after, above and below, left and right.",
         .reference = "https://keras.io/api/layers/reshaping_layers/zero_padding3d/",
         .synonyms = {"pad", "border", "margin"}});
    schema.field(&Params::padding,
                 {.key = "padding",
                  .label = "Padding",
                  .doc = "How many zeros stand before and after, above and below, left and right.",
                  .min = 0,
                  .max = 65536,
                  .groupsOf = 2});
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = create;
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.padding, ", ")); };
    parts.examples = {{"One all around", {}, {Shape{3, 4, 5, 2}}},
                      {"Unequal", {{"padding", ParamValue::IntList{1, 0, 2, 1, 0, 1}}}, {Shape{3, 4, 5, 2}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "padding");
}

} // namespace strata::layers
