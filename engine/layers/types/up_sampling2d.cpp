// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/resampling.h"
#include "engine/layers/window.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::array<std::int64_t, 2> size{2, 2};
    Interpolation interpolation = Interpolation::Nearest;
};

} // namespace

LayerType up_sampling2d() {
    SchemaOf<Params> schema({.id = "UpSampling2D",
                             .category = "reshaping",
                             .doc = "Makes a picture larger by whole factors: repeats its cells, or mixes "
                                    "neighbours smoothly. Nothing is "
                                    "learnt; for decoders and segmentation.",
                             .reference = "https://keras.io/api/layers/reshaping_layers/up_sampling2d/",
                             .synonyms = {"resize", "enlarge", "zoom"}});
    schema.field(&Params::size, {.key = "size",
                                 .label = "Factors",
                                 .doc = "How many times higher and wider the picture becomes.",
                                 .min = 1,
                                 .max = 256});
    schema.field(&Params::interpolation,
                 {.key = "interpolation",
                  .label = "Interpolation",
                  .doc = "nearest repeats each cell; bilinear mixes the four nearest ones."});
    LayerParts<Params> parts;
    parts.plan = [](const Params& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Shape& in = inputs[0];
        if (in.rank() != 3) return wrongRank(in, 2);
        Shape out = in;
        for (int i = 0; i < 2; ++i) {
            if (in[i] >= 0) out.set(i, in[i] * p.size[static_cast<std::size_t>(i)]);
        }
        return resamplingPlan(out);
    };
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        const Shape& in = inputs[0];
        return makeResampling(in, {0, in[0], in[0] * p.size[0]}, {0, in[1], in[1] * p.size[1]}, p.interpolation);
    };
    parts.summary = [](const Params& p) {
        return fmt::format("{}{}", timesText(p.size),
                           p.interpolation == Interpolation::Bilinear ? said(", bilinear") : "");
    };
    parts.examples = {
        {"Twice as large", {}, {Shape{3, 2, 3}}},
        {"Smoothly", {{"size", ParamValue::IntList{2, 3}}, {"interpolation", "bilinear"}}, {Shape{3, 4, 2}}}};
    LayerType type = layerTypeOf(std::move(schema), std::move(parts));
    return withDataFormat(std::move(type), "size");
}

} // namespace strata::layers
