// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/sizes.h"
#include "engine/layers/view_layer.h"

#include <algorithm>

namespace strata::layers {
namespace {

struct Params {
    std::vector<std::int64_t> targetShape{-1};
};

Error doesNotFit(const Shape& in, const Shape& target) {
    return failure("layer.reshape",
                   said("the {} values of {} do not fill {}; use sizes whose product is {}, or leave one of them open", in.count(), in.text(), target.text(),
                        in.count()));
}

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    Shape out(p.targetShape);
    const auto open = std::ranges::count(p.targetShape, std::int64_t{-1});
    if (open > 1) return failure("layer.reshape", said("several sizes of target_shape are left open; at most one may be"));
    if (!in.isKnown()) return viewPlan(out);
    std::int64_t rest = in.count();
    int place = -1;
    for (int i = 0; i < out.rank(); ++i) {
        if (out[i] < 0) {
            place = i;
            continue;
        }
        if (out[i] == 0 || rest % out[i] != 0) return doesNotFit(in, out);
        rest /= out[i];
    }
    if (place >= 0)
        out.set(place, rest);
    else if (rest != 1)
        return doesNotFit(in, out);
    return viewPlan(out);
}

} // namespace

LayerType reshape() {
    SchemaOf<Params> schema({.id = "Reshape",
                             .category = "reshaping",
                             .doc = "Reads the same values, in the same order, as an array of another shape.",
                             .reference = "https://keras.io/api/layers/reshaping_layers/reshape/",
                             .synonyms = {"view"}});
    schema.field(
        &Params::targetShape,
        {.key = "target_shape",
         .label = "Target shape",
         .doc = "The sizes of the output, without the batch. One may be ?: it follows from the others.",
         .min = 1,
         .max = 1 << 24,
         .allowUnknown = true});
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = [](const Params&, std::span<const Shape>) -> std::unique_ptr<Layer> {
        return std::make_unique<ViewLayer>();
    };
    parts.summary = [](const Params& p) { return Shape(p.targetShape).text(); };
    parts.examples = {{"To a picture", {{"target_shape", ParamValue::IntList{4, 2, 2}}}, {Shape{16}}},
                      {"One size follows", {{"target_shape", ParamValue::IntList{-1, 4}}}, {Shape{2, 3, 4}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
