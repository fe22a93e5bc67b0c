// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/index_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/window.h"

namespace strata::layers {
namespace {

struct Params {
    std::int64_t size = 2;
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != 2) return wrongRank(in, 1);
    Shape out = in;
    if (in[0] >= 0) out.set(0, in[0] * p.size);
    Result<LayerPlan> plan = indexPlan(out);
    if (plan) plan->receptive = kUnknownField;
    return plan;
}

} // namespace

LayerType up_sampling1d() {
    SchemaOf<Params> schema({.id = "UpSampling1D",
                             .category = "reshaping",
                             .doc = "Makes a sequence longer: repeats each of its steps. Nothing is learnt.",
                             .reference = "https://keras.io/api/layers/reshaping_layers/up_sampling1d/",
                             .synonyms = {"resize", "enlarge", "repeat"}});
    schema.field(&Params::size, {.key = "size",
                                 .label = "Factor",
                                 .doc = "How many times longer the sequence becomes.",
                                 .min = 1,
                                 .max = 65536});
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        const Shape in = inputs[0];
        return std::make_unique<IndexLayer>(
            indexTable(plan(p, inputs)->output, [&](std::array<std::int64_t, Shape::kMaxRank> at) {
                at[0] /= p.size;
                return flatIndex(in, at);
            }));
    };
    parts.summary = [](const Params& p) { return said("{} times", p.size); };
    parts.examples = {{"Twice as long", {}, {Shape{4, 3}}}, {"Three times", {{"size", 3}}, {Shape{2, 2}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
