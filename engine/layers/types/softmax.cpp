// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/activation_layer.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::vector<std::int64_t> axis{-1};
};

/// Several last axes are one long one.
Shape joined(const Shape& in, std::size_t axes) {
    std::vector<std::int64_t> dims(in.dims().begin(), in.dims().end() - static_cast<std::ptrdiff_t>(axes));
    dims.push_back(Shape(in.dims().last(axes)).count());
    return Shape(dims);
}

LastAxes overLast(std::size_t axes) {
    return {[axes](const Shape& in) -> Result<LayerPlan> {
                LayerPlan plan = activationPlan(math::Activation::Softmax, in);
                plan.endsInSoftmax = plan.endsInSoftmax && axes == 1;
                return plan;
            },
            [axes](const Shape& in) -> std::unique_ptr<Layer> {
                return std::make_unique<ActivationLayer>(math::Activation::Softmax, joined(in, axes));
            }};
}

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Result<std::vector<int>> axes = sampleAxes(p.axis, inputs[0].rank());
    if (!axes) return axes.error();
    return axesLastPlan(inputs[0], *axes, overLast(axes->size()));
}

std::unique_ptr<Layer> create(const Params& p, std::span<const Shape> inputs) {
    const std::vector<int> axes = *sampleAxes(p.axis, inputs[0].rank());
    return axesLastLayer(inputs[0], axes, overLast(axes.size()));
}

} // namespace

LayerType softmax() {
    SchemaOf<Params> schema({.id = "Softmax",
                             .category = "activation",
                             .doc = "Turns a row of values into probabilities: all between 0 and 1, together "
                                    "1. The end of a classifier.",
                             .reference = "https://keras.io/api/layers/activation_layers/softmax/",
                             .synonyms = {"probabilities", "classifier"}});
    schema.field(&Params::axis,
                 {.key = "axis",
                  .label = "Axes",
                  .doc = "Along which axis the values add up to 1, or over which ones together; -1 is the last one, 0 "
                         "would be the batch.",
                  .min = -Shape::kMaxRank,
                  .max = Shape::kMaxRank});
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = create;
    parts.summary = [](const Params& p) {
        return p.axis == std::vector<std::int64_t>{-1} ? std::string()
                                                       : said("axis {}", fmt::join(p.axis, ", "));
    };
    parts.examples = {{"Probabilities of five classes", {}, {Shape{5}}},
                      {"Along the height", {{"axis", 1}}, {Shape{4, 3, 2}}},
                      {"Over whole pictures", {{"axis", ParamValue::IntList{1, 2}}}, {Shape{4, 3, 2}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
