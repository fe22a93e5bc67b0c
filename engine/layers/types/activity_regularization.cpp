// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_type_of.h"
#include "engine/layers/regularizers.h"
#include "engine/layers/view_layer.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    double l1 = 0, l2 = 0;
};

} // namespace

LayerType activity_regularization() {
    SchemaOf<Params> schema(
        {.id = "ActivityRegularization",
         .category = "regularization",
         .doc = "Hands its input on as it is, but adds to the loss what large values cost, so that they stay small "
                "or become zero.",
         .reference = "https://keras.io/api/layers/regularization_layers/activity_regularization/",
         .synonyms = {"sparsity", "penalty", "l1", "l2"}});
    schema.field(&Params::l1, {.key = "l1",
                               .label = "L1",
                               .doc = "Factor of the sum of all magnitudes: pulls unimportant values to exactly zero.",
                               .min = 0});
    schema.field(&Params::l2, {.key = "l2",
                               .label = "L2",
                               .doc = "Factor of the sum of all squares: keeps all values small.",
                               .min = 0});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        LayerPlan plan = viewPlan(inputs[0]);
        if (p.l1 != 0 || p.l2 != 0)
            plan.activityRegularizer = TypedParams{"L1L2", {{"l1", p.l1}, {"l2", p.l2}}};
        return plan;
    };
    parts.create = [](const Params&, std::span<const Shape>) -> std::unique_ptr<Layer> {
        return std::make_unique<ViewLayer>();
    };
    parts.summary = [](const Params& p) { return fmt::format("L1 {:.4g}, L2 {:.4g}", p.l1, p.l2); };
    parts.examples = {{"Few large values", {{"l1", 0.01}}, {Shape{3, 2, 4}}}};
    return layerTypeOf(std::move(schema), std::move(parts));
}

} // namespace strata::layers
