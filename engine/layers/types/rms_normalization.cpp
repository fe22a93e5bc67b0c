// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/normalization_rows.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::vector<std::int64_t> axis{-1};
    double epsilon = 1e-6;
};

LastAxes overLast(const Params& p, std::size_t axes) {
    const auto lastDims = [axes](const Shape& in) {
        return in.dims().subspan(static_cast<std::size_t>(in.rank()) - axes);
    };
    return {[lastDims](const Shape& in) -> Result<LayerPlan> {
                const std::span<const std::int64_t> dims = lastDims(in);
                if (std::ranges::any_of(dims, [](std::int64_t d) { return d < 0; })) {
                    return failure("layer.axis_unknown",
                                   "the sizes of the normalised axes are not known; say them in the Input");
                }
                LayerPlan plan;
                plan.output = in;
                plan.weights.push_back(
                    {.name = "scale", .dims = {dims.begin(), dims.end()}, .initializer = initializer("Ones")});
                planRows(plan, in, Shape(dims).count());
                return plan;
            },
            [p, lastDims](const Shape& in) {
                NormalizationParams rows;
                rows.epsilon = p.epsilon;
                rows.center = false;
                return makeRowNormalization(rows, in, Shape(lastDims(in)).count(), Spread::RootMeanSquare);
            }};
}

} // namespace

LayerType rms_normalization() {
    SchemaOf<Params> schema(
        {.id = "RMSNormalization",
         .category = "normalization",
         .doc = "Divides each sample by the root of its mean square and multiplies it by learnt factors (Zhang, "
                "Sennrich, 2019): LayerNormalization without its mean, and so a little cheaper.",
         .reference = "https://keras.io/api/layers/normalization_layers/rms_normalization/",
         .synonyms = {"RMS", "root mean square", "normalize"}});
    schema.field(&Params::axis,
                 {.key = "axis",
                  .label = "Axes",
                  .doc = "The axes over which the mean square is taken: -1 for the last one; 0 would be the batch.",
                  .min = -Shape::kMaxRank,
                  .max = Shape::kMaxRank,
                  .advanced = true});
    schema.field(&Params::epsilon, {.key = "epsilon",
                                    .label = "Epsilon",
                                    .doc = "Added to the mean square, so that values that are all zero do no harm.",
                                    .min = 0,
                                    .advanced = true});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Result<std::vector<int>> axes = sampleAxes(p.axis, inputs[0].rank());
        if (!axes) return axes.error();
        return axesLastPlan(inputs[0], *axes, overLast(p, axes->size()));
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) {
        const std::vector<int> axes = *sampleAxes(p.axis, inputs[0].rank());
        return axesLastLayer(inputs[0], axes, overLast(p, axes.size()));
    };
    parts.examples = {{"Over the channels", {}, {Shape{3, 2, 5}}},
                      {"Over the rows", {{"axis", 1}, {"epsilon", 0.01}}, {Shape{4, 3}}},
                      {"Over whole pictures", {{"axis", ParamValue::IntList{1, 2, 3}}}, {Shape{2, 3, 2}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
