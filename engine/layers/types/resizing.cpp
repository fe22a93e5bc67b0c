// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/resampling.h"
#include "engine/layers/window.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::int64_t height = 32, width = 32;
    Interpolation interpolation = Interpolation::Bilinear;
    bool cropToAspectRatio = false;
};

/// The part along one axis, `size` long, that keeps the proportion of what is wanted: of the middle, rounded as Keras does.
Resample cropped(std::int64_t size, std::int64_t wanted, std::int64_t other, std::int64_t otherWanted) {
    const std::int64_t kept = std::clamp<std::int64_t>(other * wanted / otherWanted, 1, size);
    return {(size - kept) / 2, kept, wanted};
}

} // namespace

LayerType resizing() {
    SchemaOf<Params> schema({.id = "Resizing",
                             .category = "reshaping",
                             .doc = "Brings pictures of any size to one size, in the network itself: what uses the network need "
                                    "not know which size it was trained with. Nothing is learnt.",
                             .reference = "https://keras.io/api/layers/preprocessing_layers/image_preprocessing/resizing/",
                             .synonyms = {"resize", "scale", "preprocessing"}});
    schema.field(&Params::height, {.key = "height", .label = "Height", .doc = "Rows of the result.", .min = 1, .max = 65536});
    schema.field(&Params::width, {.key = "width", .label = "Width", .doc = "Columns of the result.", .min = 1, .max = 65536});
    schema.field(&Params::interpolation, {.key = "interpolation",
                                          .label = "Interpolation",
                                          .doc = "bilinear mixes the four nearest cells; nearest takes one."});
    schema.field(&Params::cropToAspectRatio, {.key = "crop_to_aspect_ratio",
                                              .label = "Crop to proportion",
                                              .doc = "Cuts off both sides, or above and below, what has no place in the new "
                                                     "proportion, so that nothing is distorted.",
                                              .advanced = true});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        if (inputs[0].rank() != 3) return wrongRank(inputs[0], 2);
        return resamplingPlan(Shape{p.height, p.width, inputs[0][2]});
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) {
        const Shape& in = inputs[0];
        Resample rows{0, in[0], p.height}, columns{0, in[1], p.width};
        if (p.cropToAspectRatio) {
            rows = cropped(in[0], p.height, in[1], p.width);
            columns = cropped(in[1], p.width, in[0], p.height);
        }
        return makeResampling(in, rows, columns, p.interpolation);
    };
    parts.summary = [](const Params& p) {
        return fmt::format("{} × {}{}", p.height, p.width, p.interpolation == Interpolation::Nearest ? said(", nearest") : "");
    };
    parts.examples = {{"Smaller", {{"height", 3}, {"width", 2}}, {Shape{5, 4, 2}}},
                      {"Larger, one cell for several", {{"height", 5}, {"width", 7}, {"interpolation", "nearest"}}, {Shape{4, 3, 2}}},
                      {"Not distorted", {{"height", 3}, {"width", 3}, {"crop_to_aspect_ratio", true}}, {Shape{4, 7, 2}}}};
    return withDataFormat(layerTypeOf(std::move(schema), std::move(parts)), "crop_to_aspect_ratio");
}

} // namespace strata::layers
