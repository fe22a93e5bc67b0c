// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/index_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/window.h"

namespace strata::layers {
namespace {

struct Params {
    std::int64_t n = 2;
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    if (inputs[0].rank() != 1) {
        return failure("layer.rank", said("it needs an input of one axis, but gets {}; insert a Flatten",
                                          inputs[0].text()));
    }
    return indexPlan(Shape{p.n, inputs[0][0]});
}

} // namespace

LayerType repeat_vector() {
    SchemaOf<Params> schema({.id = "RepeatVector",
                             .category = "reshaping",
                             .doc = "Writes a row of values n times below each other: (features) becomes "
                                    "(n, features).",
                             .reference = "https://keras.io/api/layers/reshaping_layers/repeat_vector/",
                             .synonyms = {"copy", "tile"}});
    schema.field(
        &Params::n, {.key = "n", .label = "Times", .doc = "How often the row is repeated.", .min = 1, .max = 65536});
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<IndexLayer>(indexTable(
            plan(p, inputs)->output, [](const std::array<std::int64_t, Shape::kMaxRank>& at) { return at[1]; }));
    };
    parts.summary = [](const Params& p) { return said("{} times", p.n); };
    parts.examples = {{"Three times", {{"n", 3}}, {Shape{4}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
