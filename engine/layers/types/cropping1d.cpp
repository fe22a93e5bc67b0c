// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/index_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/window.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::array<std::int64_t, 2> cropping{1, 1};
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != 2) return wrongRank(in, "steps × channels");
    Shape out = in;
    for (int i = 0; i < 1; ++i) {
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
            for (int i = 0; i < 1; ++i)
                at[static_cast<std::size_t>(i)] += p.cropping[static_cast<std::size_t>(2 * i)];
            return flatIndex(in, at);
        }));
}

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
    parts.plan = plan;
    parts.create = create;
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.cropping, ", ")); };
    parts.examples = {{"Nothing or one", {}, {Shape{5, 3}}},
                      {"Unequal", {{"cropping", ParamValue::IntList{1, 0}}}, {Shape{5, 3}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
