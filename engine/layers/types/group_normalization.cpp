// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/normalization_rows.h"

#include <algorithm>

namespace strata::layers {
namespace {

struct Params : NormalizationParams {
    std::int64_t groups = 32;
    std::int64_t axis = -1;
};

Result<std::int64_t> groupsFor(const Params& p, std::int64_t channels) {
    if (p.groups == 0)
        return failure("layer.groups", said("groups 0 is no number of groups; use a positive one, or -1 for as many groups as channels"));
    const std::int64_t groups = p.groups == -1 ? channels : p.groups;
    if (channels % groups == 0) return groups;
    std::int64_t fits = std::min(groups, channels);
    while (channels % fits != 0) --fits;
    return failure("layer.groups",
                   said("groups {} does not divide the {} channels of its input; use a number that does, such as {}",
                        groups, channels, fits));
}

Result<LayerPlan> planLast(const Params& p, const Shape& in) {
    const std::int64_t channels = in[-1];
    if (channels < 0)
        return failure("layer.channels_unknown",
                       said("the number of channels of its input is not known; say it in the Input"));
    const Result<std::int64_t> groups = groupsFor(p, channels);
    if (!groups) return groups.error();
    LayerPlan plan;
    plan.output = in;
    plan.weights = p.weights({channels});
    planGroups(plan, in, *groups);
    return plan;
}

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Result<int> axis = sampleAxis(p.axis, inputs[0].rank());
    if (!axis) return axis.error();
    if (*axis == inputs[0].rank() - 1) return planLast(p, inputs[0]);
    Result<LayerPlan> inner = planLast(p, axisMovedLast(inputs[0], *axis));
    if (!inner) return inner;
    return movedAxisPlan(std::move(*inner), inputs, *axis);
}

std::unique_ptr<Layer> create(const Params& p, std::span<const Shape> inputs) {
    const int axis = *sampleAxis(p.axis, inputs[0].rank());
    const Shape last = axisMovedLast(inputs[0], axis);
    std::unique_ptr<Layer> layer = makeGroupNormalization(p, last, *groupsFor(p, last[-1]));
    if (axis == inputs[0].rank() - 1) return layer;
    return movedAxisLayer(std::move(layer), *planLast(p, last), inputs, axis);
}

} // namespace

LayerType group_normalization() {
    SchemaOf<Params> schema(
        {.id = "GroupNormalization",
         .category = "normalization",
         .doc = "Cuts the channels into groups and brings each group of each sample to mean 0 and spread 1 "
                "(Wu, He, "
                "2018). Does not depend on the batch, so it also works with very small ones.",
         .reference = "https://keras.io/api/layers/normalization_layers/group_normalization/",
         .synonyms = {"GN", "groupnorm", "instance normalization"}});
    schema.field(
        &Params::groups,
        {.key = "groups",
         .label = "Groups",
         .doc =
             "Into how many groups the channels are cut; it must divide them. -1: each channel for itself.",
         .min = -1,
         .max = 65536});
    schema.field(&Params::axis,
                 {.key = "axis",
                  .label = "Axis",
                  .doc = "Which axis holds the channels: -1 for the last one, 1 for channels_first.",
                  .min = -Shape::kMaxRank,
                  .max = Shape::kMaxRank,
                  .advanced = true});
    NormalizationParams::addTo(schema);
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = create;
    parts.summary = [](const Params& p) {
        return p.groups == -1 ? said("each channel") : said("{} groups", p.groups);
    };
    parts.examples = {{"Two groups", {{"groups", 2}}, {Shape{3, 2, 4}}},
                      {"Each channel for itself", {{"groups", -1}}, {Shape{3, 3, 3}}},
                      {"Channels first", {{"groups", 2}, {"axis", 1}}, {Shape{4, 2, 4}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
