// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/normalization_rows.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params : NormalizationParams {
    std::vector<std::int64_t> axis{-1};
};

/// The first of the normalised axes, which must be the last ones of a sample (for others Keras's own backends
/// disagree).
Result<int> firstAxis(const Params& p, int rank) {
    std::vector<int> axes;
    for (const std::int64_t a : p.axis) {
        const Result<int> axis = sampleAxis(a, rank);
        if (!axis) return axis.error();
        axes.push_back(*axis);
    }
    std::ranges::sort(axes);
    for (std::size_t i = 0; i < axes.size(); ++i) {
        if (axes[i] == rank - static_cast<int>(axes.size()) + static_cast<int>(i)) continue;
        return failure(
            "layer.axis_not_last",
            fmt::format("axis ({}) must be the last axes of its input, each once", fmt::join(p.axis, ", ")));
    }
    if (axes.empty()) return failure("layer.axis", "axis must name at least one axis");
    return axes.front();
}

Result<LayerPlan> planLast(const Params& p, const Shape& in, int first) {
    const std::span<const std::int64_t> dims = in.dims().subspan(static_cast<std::size_t>(first));
    if (std::ranges::any_of(dims, [](std::int64_t d) { return d < 0; })) {
        return failure("layer.axis_unknown",
                       "the sizes of the normalised axes are not known; say them in the Input");
    }
    LayerPlan plan;
    plan.output = in;
    plan.weights = p.weights({dims.begin(), dims.end()});
    planRows(plan, in, Shape(dims).count());
    return plan;
}

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Result<int> first = firstAxis(p, inputs[0].rank());
    if (!first) return first.error();
    return planLast(p, inputs[0], *first);
}

std::unique_ptr<Layer> create(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    const auto first = static_cast<std::size_t>(*firstAxis(p, in.rank()));
    return makeRowNormalization(p, in, Shape(in.dims().subspan(first)).count());
}

} // namespace

LayerType layer_normalization() {
    SchemaOf<Params> schema(
        {.id = "LayerNormalization",
         .category = "normalization",
         .doc = "Brings each sample to mean 0 and spread 1 by itself, over its last axes, then scales and "
                "shifts by "
                "learnt amounts (Ba et al., 2016). Does not depend on the batch.",
         .reference = "https://keras.io/api/layers/normalization_layers/layer_normalization/",
         .synonyms = {"LN", "layernorm", "normalize"}});
    schema.field(&Params::axis,
                 {.key = "axis",
                  .label = "Axes",
                  .doc = "The axes over which mean and spread are taken: the last one, or several last ones.",
                  .min = -Shape::kMaxRank,
                  .max = Shape::kMaxRank,
                  .advanced = true});
    NormalizationParams::addTo(schema);
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = create;
    parts.examples = {{"Over the channels", {}, {Shape{3, 2, 5}}},
                      {"Over whole pictures", {{"axis", ParamValue::IntList{-3, -2, -1}}}, {Shape{2, 3, 2}}},
                      {"Neither factor nor shift", {{"center", false}, {"scale", false}}, {Shape{2, 6}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
