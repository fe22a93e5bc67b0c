// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/picture_motion.h"

namespace strata::layers {
namespace {

enum class Mode { Horizontal, Vertical, Both };
std::span<const std::string_view> choiceNames(Mode) {
    static constexpr std::array<std::string_view, 3> names{"horizontal", "vertical", "horizontal_and_vertical"};
    return names;
}

struct Params : SeedParam {
    Mode mode = Mode::Both;
};

} // namespace

LayerType random_flip() {
    SchemaOf<Params> schema({.id = "RandomFlip",
                             .category = "regularization",
                             .doc = "While training, mirrors every second picture, by chance: twice as many pictures for "
                                    "nothing, where left and right mean the same. Does nothing when the network is used.",
                             .reference = "https://keras.io/api/layers/preprocessing_layers/image_augmentation/random_flip/",
                             .synonyms = {"augmentation", "mirror", "overfitting"}});
    schema.field(&Params::mode, {.key = "mode",
                                 .label = "Direction",
                                 .doc = "horizontal swaps left and right, vertical above and below; horizontal_and_vertical "
                                        "does both to the same pictures, which turns them upside down."});
    schema.field(&Params::seed, seedParam());
    LayerParts<Params> parts;
    parts.plan = [](const Params&, std::span<const Shape> inputs) { return motionPlan(inputs[0]); };
    parts.create = [](const Params& p, std::span<const Shape> inputs) {
        MotionParams motion;
        motion.seed = p.seed;
        const auto lastRow = static_cast<double>(inputs[0][0] - 1), lastColumn = static_cast<double>(inputs[0][1] - 1);
        return makeMotionLayer(motion, inputs[0], [=, mode = p.mode](Rng& rng) {
            PictureMotion m;
            if (rng.uniform() > 0.5F) return m;
            if (mode != Mode::Horizontal) {
                m.rowByRow = -1;
                m.row = lastRow;
            }
            if (mode != Mode::Vertical) {
                m.columnByColumn = -1;
                m.column = lastColumn;
            }
            return m;
        });
    };
    parts.summary = [](const Params& p) { return std::string(choiceNames(p.mode)[static_cast<std::size_t>(p.mode)]); };
    parts.examples = {{"Upside down", {}, {Shape{3, 4, 2}}},
                      {"Left and right", {{"mode", "horizontal"}, {"seed", 3}}, {Shape{3, 4, 2}}},
                      {"Above and below", {{"mode", "vertical"}, {"seed", 3}}, {Shape{3, 4, 2}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "seed");
}

} // namespace strata::layers
