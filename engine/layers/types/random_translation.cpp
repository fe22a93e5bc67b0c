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
    std::vector<double> heightFactor{0.1}, widthFactor{0.1};
};

} // namespace

LayerType random_translation() {
    SchemaOf<Params> schema(
        {.id = "RandomTranslation",
         .category = "regularization",
         .doc = "While training, shifts each picture by a random part of its size, so that the network does not learn where "
                "things stand. Does nothing when the network is used.",
         .reference = "https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_translation/",
         .synonyms = {"augmentation", "shift", "overfitting"}});
    const auto factor = [](const char* key, const char* label, const char* doc) {
        return Param{.key = key, .label = label, .doc = doc, .min = -1, .max = 1};
    };
    schema.field(&Params::heightFactor,
                 factor("height_factor", "Up and down",
                        "How far, as a part of the height: 0.1 is up to a tenth up or down; two numbers are the least and the "
                        "most, below 0 upwards."));
    schema.field(&Params::widthFactor,
                 factor("width_factor", "Left and right",
                        "How far, as a part of the width: 0.1 is up to a tenth to both sides; two numbers are the least and the "
                        "most, below 0 to the left."));
    MotionParams::addTo(schema);
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        if (const Result<> fits = checkFactor("height_factor", p.heightFactor); !fits) return fits.error();
        if (const Result<> fits = checkFactor("width_factor", p.widthFactor); !fits) return fits.error();
        return motionPlan(inputs[0]);
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) {
        const FactorRange rows = factorRange(p.heightFactor, -1), columns = factorRange(p.widthFactor, -1);
        const auto height = static_cast<double>(inputs[0][0]), width = static_cast<double>(inputs[0][1]);
        return makeMotionLayer(p, inputs[0], [=](Rng& rng) {
            const double down = rows.draw(rng) * height, right = columns.draw(rng) * width;
            return PictureMotion{.row = -down, .column = -right};
        });
    };
    parts.summary = [](const Params& p) { return said("{} high, {} wide", fmt::join(p.heightFactor, ".."), fmt::join(p.widthFactor, "..")); };
    parts.examples = {{"A tenth to all sides", {}, {Shape{5, 6, 2}}},
                      {"Down and to the left, filled with ones",
                       {{"height_factor", ParamValue::RealList{0.1, 0.4}},
                        {"width_factor", ParamValue::RealList{-0.4, -0.1}},
                        {"fill_mode", "constant"},
                        {"fill_value", 1.0},
                        {"seed", 3}},
                       {Shape{4, 5, 2}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "fill_value");
}

} // namespace strata::layers
