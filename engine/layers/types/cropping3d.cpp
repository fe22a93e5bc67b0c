// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/index_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/window.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::array<std::int64_t, 6> cropping{1, 1, 1, 1, 1, 1};
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != 4) return wrongRank(in, "depth × height × width × channels");
    Shape out = in;
    for (int i = 0; i < 3; ++i) {
        const std::int64_t cut =
            p.cropping[static_cast<std::size_t>(2 * i)] + p.cropping[static_cast<std::size_t>(2 * i + 1)];
        if (in[i] < 0) continue;
        if (cut >= in[i]) {
            return failure("layer.cropped_away",
                           said("cropping takes {} of the {} cells along axis {}, and nothing would be left; crop at most {}",
                                cut, in[i], i + 1, in[i] - 1));
        }
        out.set(i, in[i] - cut);
    }
    return indexPlan(out);
}

std::unique_ptr<Layer> create(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    const Shape out = plan(p, inputs)->output;
    return std::make_unique<IndexLayer>(
        indexTable(out, [&](std::array<std::int64_t, Shape::kMaxRank> at) -> std::int64_t {
            for (int i = 0; i < 3; ++i)
                at[static_cast<std::size_t>(i)] += p.cropping[static_cast<std::size_t>(2 * i)];
            return flatIndex(in, at);
        }));
}

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
    parts.plan = plan;
    parts.create = create;
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.cropping, ", ")); };
    parts.examples = {
        {"Nothing or one", {}, {Shape{3, 4, 5, 2}}},
        {"Unequal", {{"cropping", ParamValue::IntList{1, 0, 2, 1, 0, 1}}}, {Shape{3, 4, 5, 2}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "cropping");
}

} // namespace strata::layers
