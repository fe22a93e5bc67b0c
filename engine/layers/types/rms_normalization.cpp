// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
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

/// How many values a row has. The error refuses axes that are not the last ones: Keras would multiply other axes than
/// those that it normalised by the learnt factors.
Result<Shape> rowOf(const Params& p, const Shape& in) {
    const Result<std::vector<int>> axes = sampleAxes(p.axis, in.rank());
    if (!axes) return axes.error();
    const int first = in.rank() - static_cast<int>(axes->size());
    if (axes->front() != first) {
        return failure("layer.axis_not_last",
                       said("axis ({}) must be the last axes of its input; put a Permute before it",
                            fmt::join(p.axis, ", ")));
    }
    const Shape row(in.dims().subspan(static_cast<std::size_t>(first)));
    if (row.isKnown()) return row;
    return failure("layer.axis_unknown", said("the sizes of the normalised axes are not known; say them in the Input"));
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
                  .doc = "The axes over which the mean square is taken: -1 for the last one, or several "
                         "last ones.",
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
        const Result<Shape> row = rowOf(p, inputs[0]);
        if (!row) return row.error();
        LayerPlan plan;
        plan.output = inputs[0];
        plan.weights.push_back({.name = "scale",
                                .dims = {row->dims().begin(), row->dims().end()},
                                .initializer = initializer("Ones")});
        planRows(plan, inputs[0], row->count());
        return plan;
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) {
        NormalizationParams rows;
        rows.epsilon = p.epsilon;
        rows.center = false;
        return makeRowNormalization(rows, inputs[0], rowOf(p, inputs[0])->count(), Spread::RootMeanSquare);
    };
    parts.examples = {{"Over the channels", {}, {Shape{3, 2, 5}}},
                      {"Over cells and channels", {{"axis", ParamValue::IntList{-2, -1}}, {"epsilon", 0.01}}, {Shape{2, 4, 3}}},
                      {"Over whole pictures", {{"axis", ParamValue::IntList{1, 2, 3}}}, {Shape{2, 3, 2}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
