// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_type_of.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::vector<std::int64_t> shape{28, 28, 1};
};

SchemaOf<Params> makeSchema() {
    SchemaOf<Params> s({.id = "Input",
                        .category = "io",
                        .label = "Input",
                        .doc = "Where the data come in: says the shape of one sample, without the batch. A "
                               "picture is height × width × "
                               "channels (1 for grey, 3 for colour). A size may be left open; then it must "
                               "be given before training.",
                        .reference = "https://keras.io/api/layers/core_layers/input/",
                        .synonyms = {"InputLayer", "data", "image"}});
    s.field(
        &Params::shape,
        {.key = "shape",
         .label = "Shape",
         .doc =
             "The sizes of one sample: height × width × channels for a picture. ? stands for a size that is "
             "not known yet.",
         .min = 1,
         .max = 1 << 24,
         .allowUnknown = true});
    return s;
}

} // namespace

LayerType input() {
    LayerParts<Params> parts;
    parts.minInputs = 0;
    parts.maxInputs = 0;
    parts.plan = [](const Params& p, std::span<const Shape>) -> Result<LayerPlan> {
        LayerPlan plan;
        plan.output = Shape(p.shape);
        plan.backwardReadsInput = false;
        plan.backwardReadsOutput = false;
        return plan;
    };
    parts.create = [](const Params&, std::span<const Shape>) { return std::unique_ptr<Layer>(); };
    parts.summary = [](const Params& p) { return Shape(p.shape).text(); };
    parts.examples = {{"A grey picture", {{"shape", ParamValue::IntList{28, 28, 1}}}, {}}};
    return layerTypeOf(makeSchema(), std::move(parts));
}

} // namespace strata::layers
