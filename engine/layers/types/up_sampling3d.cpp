// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/index_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/window.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::array<std::int64_t, 3> size{2, 2, 2};
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != 4) return wrongRank(in, 3);
    Shape out = in;
    for (int i = 0; i < 3; ++i) {
        if (in[i] >= 0) out.set(i, in[i] * p.size[static_cast<std::size_t>(i)]);
    }
    Result<LayerPlan> plan = indexPlan(out);
    if (plan) plan->receptive = kUnknownField;
    return plan;
}

} // namespace

LayerType up_sampling3d() {
    SchemaOf<Params> schema({.id = "UpSampling3D",
                             .category = "reshaping",
                             .doc = "Makes a volume larger by whole factors: repeats its cells. Nothing is learnt.",
                             .reference = "https://keras.io/api/layers/reshaping_layers/up_sampling3d/",
                             .synonyms = {"resize", "enlarge", "volume"}});
    schema.field(&Params::size, {.key = "size",
                                 .label = "Factors",
                                 .doc = "How many times deeper, higher and wider the volume becomes.",
                                 .min = 1,
                                 .max = 256});
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        const Shape in = inputs[0];
        return std::make_unique<IndexLayer>(
            indexTable(plan(p, inputs)->output, [&](std::array<std::int64_t, Shape::kMaxRank> at) {
                for (std::size_t i = 0; i < 3; ++i)
                    at[i] /= p.size[i];
                return flatIndex(in, at);
            }));
    };
    parts.summary = [](const Params& p) { return timesText(p.size); };
    parts.examples = {{"Twice as large", {}, {Shape{2, 1, 2, 3}}},
                      {"Unequal", {{"size", ParamValue::IntList{1, 2, 3}}}, {Shape{2, 2, 1, 2}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "size");
}

} // namespace strata::layers
