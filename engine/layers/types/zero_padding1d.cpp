// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/index_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/window.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::array<std::int64_t, 2> padding{1, 1};
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != 2) return wrongRank(in, "steps × channels");
    Shape out = in;
    for (int i = 0; i < 1; ++i) {
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
            for (int i = 0; i < 1; ++i) {
                auto& place = at[static_cast<std::size_t>(i)];
                place -= p.padding[static_cast<std::size_t>(2 * i)];
                if (place < 0 || place >= in[i]) return -1;
            }
            return flatIndex(in, at);
        }));
}

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
    parts.plan = plan;
    parts.create = create;
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.padding, ", ")); };
    parts.examples = {{"One all around", {}, {Shape{5, 3}}},
                      {"Unequal", {{"padding", ParamValue::IntList{1, 0}}}, {Shape{5, 3}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "padding");
}

} // namespace strata::layers
