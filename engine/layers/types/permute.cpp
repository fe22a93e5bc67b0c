// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/index_layer.h"
#include "engine/layers/layer_type_of.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace strata::layers {
namespace {

struct Params {
    std::vector<std::int64_t> dims{2, 1};
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    std::vector<std::int64_t> sorted = p.dims, axes(static_cast<std::size_t>(in.rank()));
    std::ranges::sort(sorted);
    std::iota(axes.begin(), axes.end(), 1);
    if (sorted != axes) {
        return failure("layer.permutation", said("dims ({}) must name each of the {} axes of its input {} once; use ({}) in another order",
                                                 fmt::join(p.dims, ", "), in.rank(), in.text(), fmt::join(axes, ", ")));
    }
    Shape out = in;
    for (int i = 0; i < in.rank(); ++i)
        out.set(i, in[static_cast<int>(p.dims[static_cast<std::size_t>(i)]) - 1]);
    return indexPlan(out);
}

std::unique_ptr<Layer> create(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    return std::make_unique<IndexLayer>(
        indexTable(plan(p, inputs)->output, [&](const std::array<std::int64_t, Shape::kMaxRank>& at) {
            std::array<std::int64_t, Shape::kMaxRank> from{};
            for (std::size_t i = 0; i < p.dims.size(); ++i)
                from[static_cast<std::size_t>(p.dims[i] - 1)] = at[i];
            return flatIndex(in, from);
        }));
}

} // namespace

LayerType permute() {
    SchemaOf<Params> schema(
        {.id = "Permute",
         .category = "reshaping",
         .doc = "Turns the axes of its input into another order, as a transposed matrix does.",
         .reference = "https://keras.io/api/layers/reshaping_layers/permute/",
         .synonyms = {"transpose", "swap axes"}});
    schema.field(&Params::dims, {.key = "dims",
                                 .label = "Axes",
                                 .doc = "Which axis of the input stands where in the output, counted from 1: "
                                        "(2, 1) swaps the first two.",
                                 .min = 1,
                                 .max = Shape::kMaxRank});
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = create;
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.dims, ", ")); };
    parts.examples = {{"Transpose", {}, {Shape{3, 4}}},
                      {"Channels first", {{"dims", ParamValue::IntList{3, 1, 2}}}, {Shape{3, 3, 3}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
