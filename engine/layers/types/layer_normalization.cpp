// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/normalization_rows.h"

#include <algorithm>

namespace strata::layers {
namespace {

struct Params : NormalizationParams {
    std::vector<std::int64_t> axis{-1};
    bool rmsScaling = false;
};

/// With rms_scaling Keras learns a factor whatever `scale` says, and never a shift.
Params asUsed(Params p) {
    p.scale = p.scale || p.rmsScaling;
    p.center = p.center && !p.rmsScaling;
    return p;
}

LastAxes overLast(const Params& p, std::size_t axes) {
    const auto lastDims = [axes](const Shape& in) {
        return in.dims().subspan(static_cast<std::size_t>(in.rank()) - axes);
    };
    return {[p, lastDims](const Shape& in) -> Result<LayerPlan> {
                const std::span<const std::int64_t> dims = lastDims(in);
                if (std::ranges::any_of(dims, [](std::int64_t d) { return d < 0; })) {
                    return failure("layer.axis_unknown",
                                   said("the sizes of the normalised axes are not known; say them in the Input"));
                }
                LayerPlan plan;
                plan.output = in;
                plan.weights = p.weights({dims.begin(), dims.end()});
                planRows(plan, in, Shape(dims).count());
                return plan;
            },
            [p, lastDims](const Shape& in) {
                return makeRowNormalization(p, in, Shape(lastDims(in)).count(),
                                            p.rmsScaling ? Spread::DeviationKeepingMean : Spread::Deviation);
            }};
}

/// Keras sorts the axes as they were written, negative ones first, and gives its weights their sizes in that order; the
/// values lie in the order of the axes.
std::vector<std::int64_t> weightDims(const Params& p, const Shape& in) {
    std::vector<std::int64_t> written = p.axis;
    std::ranges::sort(written);
    std::vector<std::int64_t> dims;
    for (const std::int64_t axis : written)
        dims.push_back(in[*sampleAxis(axis, in.rank())]);
    return dims;
}

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Result<std::vector<int>> axes = sampleAxes(p.axis, inputs[0].rank());
    if (!axes) return axes.error();
    Result<LayerPlan> plan = axesLastPlan(inputs[0], *axes, overLast(asUsed(p), axes->size()));
    if (!plan) return plan;
    for (WeightSpec& w : plan->weights)
        w.dims = weightDims(p, inputs[0]);
    return plan;
}

std::unique_ptr<Layer> create(const Params& p, std::span<const Shape> inputs) {
    const std::vector<int> axes = *sampleAxes(p.axis, inputs[0].rank());
    return axesLastLayer(inputs[0], axes, overLast(asUsed(p), axes.size()));
}

} // namespace

LayerType layer_normalization() {
    SchemaOf<Params> schema(
        {.id = "LayerNormalization",
         .category = "normalization",
         .doc = "Brings each sample to mean 0 and spread 1 by itself, over some of its axes, then scales and "
                "shifts by "
                "learnt amounts (Ba et al., 2016). Does not depend on the batch.",
         .reference = "https://keras.io/api/layers/normalization_layers/layer_normalization/",
         .synonyms = {"LN", "layernorm", "normalize"}});
    schema.field(&Params::axis,
                 {.key = "axis",
                  .label = "Axes",
                  .doc = "The axes over which mean and spread are taken: -1 for the last one; 0 would be the batch.",
                  .min = -Shape::kMaxRank,
                  .max = Shape::kMaxRank,
                  .advanced = true});
    NormalizationParams::addTo(schema);
    schema.field(&Params::rmsScaling,
                 {.key = "rms_scaling",
                  .label = "RMS scaling",
                  .doc = "Divides by the spread without taking the mean away and learns no shift; old. "
                         "RMSNormalization does what its name says.",
                  .advanced = true});
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = create;
    parts.examples = {{"Over the channels", {}, {Shape{3, 2, 5}}},
                      {"Over whole pictures", {{"axis", ParamValue::IntList{-3, -2, -1}}}, {Shape{2, 3, 2}}},
                      {"Over rows and channels, not columns",
                       {{"axis", ParamValue::IntList{1, 3}}},
                       {Shape{2, 3, 4}}},
                      {"The mean stays", {{"rms_scaling", true}}, {Shape{3, 4}}},
                      {"Neither factor nor shift", {{"center", false}, {"scale", false}}, {Shape{2, 6}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
