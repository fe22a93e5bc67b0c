// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/picture_motion.h"
#include "engine/layers/random_factor.h"

#include <fmt/ranges.h>

namespace strata::layers {
namespace {

struct Params : MotionParams {
    std::vector<double> heightFactor{0.1};
    std::optional<std::vector<double>> widthFactor;
};

} // namespace

LayerType random_zoom() {
    SchemaOf<Params> schema({.id = "RandomZoom",
                             .category = "regularization",
                             .doc = "While training, makes each picture larger or smaller around its middle by a random "
                                    "amount, so that the network does not learn how large things are. Does nothing when the "
                                    "network is used.",
                             .reference = "https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_zoom/",
                             .synonyms = {"augmentation", "scale", "overfitting"}});
    schema.field(&Params::heightFactor, {.key = "height_factor",
                                         .label = "Zoom",
                                         .doc = "How much, as a part of the height: 0.1 is up to a tenth more or less of the "
                                                "picture to be seen; two numbers are the least and the most, below 0 larger, "
                                                "above 0 smaller.",
                                         .min = -1,
                                         .max = 1,
                                         .exclusiveMin = true});
    schema.field(&Params::widthFactor, {.key = "width_factor",
                                        .label = "Zoom of the width",
                                        .doc = "The same for the width by itself. None: as the height, so that nothing is "
                                               "distorted.",
                                        .min = -1,
                                        .max = 1,
                                        .exclusiveMin = true,
                                        .advanced = true});
    MotionParams::addTo(schema);
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        if (const Result<> fits = checkFactor("height_factor", p.heightFactor); !fits) return fits.error();
        if (p.widthFactor) {
            if (const Result<> fits = checkFactor("width_factor", *p.widthFactor); !fits) return fits.error();
        }
        return motionPlan(inputs[0]);
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) {
        const FactorRange rows = factorRange(p.heightFactor, -1);
        const std::optional<FactorRange> columns = p.widthFactor ? std::optional(factorRange(*p.widthFactor, -1)) : std::nullopt;
        const double middleRow = static_cast<double>(inputs[0][0] - 1) / 2, middleColumn = static_cast<double>(inputs[0][1] - 1) / 2;
        return makeMotionLayer(p, inputs[0], [=](Rng& rng) {
            const double high = 1 + rows.draw(rng);
            const double wide = columns ? 1 + columns->draw(rng) : high;
            return PictureMotion{.rowByRow = high, .row = middleRow * (1 - high), .columnByColumn = wide, .column = middleColumn * (1 - wide)};
        });
    };
    parts.summary = [](const Params& p) { return fmt::format("{}", fmt::join(p.heightFactor, "..")); };
    parts.examples = {{"A tenth", {}, {Shape{5, 6, 2}}},
                      {"Smaller, each side by itself",
                       {{"height_factor", ParamValue::RealList{0.1, 0.5}}, {"width_factor", 0.3}, {"fill_mode", "constant"}, {"seed", 3}},
                       {Shape{4, 5, 2}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "fill_value");
}

} // namespace strata::layers
