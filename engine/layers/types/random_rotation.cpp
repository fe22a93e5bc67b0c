// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/picture_motion.h"
#include "engine/layers/random_factor.h"

#include <cmath>
#include <fmt/ranges.h>
#include <numbers>

namespace strata::layers {
namespace {

struct Params : MotionParams {
    std::vector<double> factor{-0.1, 0.1};
};

} // namespace

LayerType random_rotation() {
    SchemaOf<Params> schema({.id = "RandomRotation",
                             .category = "regularization",
                             .doc = "While training, turns each picture around its middle by a random angle, so that the "
                                    "network does not learn that things stand upright. Does nothing when the network is used.",
                             .reference = "https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_rotation/",
                             .synonyms = {"augmentation", "turn", "overfitting"}});
    schema.field(&Params::factor, {.key = "factor",
                                   .label = "Angle",
                                   .doc = "How far, as a part of a whole turn: 0.1 is up to 36 degrees to both sides; two "
                                          "numbers are the least and the most, above 0 against the clock.",
                                   .min = -1,
                                   .max = 1});
    MotionParams::addTo(schema);
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        if (const Result<> fits = checkFactor("factor", p.factor); !fits) return fits.error();
        return motionPlan(inputs[0]);
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) {
        const FactorRange turns = factorRange(p.factor, -1);
        const double middleRow = static_cast<double>(inputs[0][0] - 1) / 2, middleColumn = static_cast<double>(inputs[0][1] - 1) / 2;
        return makeMotionLayer(p, inputs[0], [=](Rng& rng) {
            const double angle = turns.draw(rng) * 2 * std::numbers::pi, c = std::cos(angle), s = std::sin(angle);
            return PictureMotion{.rowByRow = c,
                                 .rowByColumn = s,
                                 .row = middleRow - middleColumn * s - middleRow * c,
                                 .columnByRow = -s,
                                 .columnByColumn = c,
                                 .column = middleColumn - middleColumn * c + middleRow * s};
        });
    };
    parts.summary = [](const Params& p) { return said("{} of a turn", fmt::join(p.factor, "..")); };
    parts.examples = {{"A tenth of a turn", {}, {Shape{5, 6, 2}}},
                      {"To one side, edges drawn out",
                       {{"factor", ParamValue::RealList{0.05, 0.2}}, {"fill_mode", "constant"}, {"interpolation", "nearest"}, {"fill_value", 0.5}, {"seed", 3}},
                       {Shape{4, 5, 2}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "factor");
}

} // namespace strata::layers
