// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

#include "engine/layers/sizes.h"

#include <fmt/format.h>

namespace strata {

SchemaOf<Pooling2DParams> pooling2DSchema(Schema head) {
    using P = Pooling2DParams;
    SchemaOf<P> s(std::move(head));
    s.field(&P::poolSize, {.key = "pool_size",
                           .label = "Pool size",
                           .doc = "Height and width of the window in cells. 2 × 2 halves the picture.",
                           .min = 1,
                           .max = 4096});
    s.field(
        &P::strides,
        {.key = "strides",
         .label = "Strides",
         .doc =
             "By how many cells the window moves on. None: by its own size, so that windows do not overlap.",
         .min = 1,
         .max = 4096});
    s.field(&P::padding, {.key = "padding",
                          .label = "Padding",
                          .doc = "valid: only whole windows, cells that are left over at the right and lower "
                                 "edge are dropped. same: the "
                                 "last windows may stick out; only real cells count."});
    return s;
}

Result<LayerPlan> planPooling2D(const Pooling2DParams& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != 3) return wrongRank(in, "height × width × channels");
    const auto axes = placeWindows(in, p.window(), "pool_size");
    if (!axes) return axes.error();
    LayerPlan plan;
    plan.output = Shape{(*axes)[0].out, (*axes)[1].out, in[2]};
    plan.receptive = receptiveStep(p.window());
    plan.backwardReadsInput = false;
    plan.backwardReadsOutput = false;
    return plan;
}

math::PoolGeometry poolGeometry(const Pooling2DParams& p, const Shape& input) {
    const auto axes = *placeWindows(input, p.window(), "pool_size");
    const SlidingWindow<2> w = p.window();
    return {.inH = input[0],
            .inW = input[1],
            .channels = input[2],
            .outH = axes[0].out,
            .outW = axes[1].out,
            .poolH = w.kernel[0],
            .poolW = w.kernel[1],
            .strideH = w.stride[0],
            .strideW = w.stride[1],
            .padTop = axes[0].before,
            .padLeft = axes[1].before};
}

std::string poolingSummary(const Pooling2DParams& p) {
    std::string text = timesText(p.poolSize);
    if (p.strides && *p.strides != p.poolSize) text += fmt::format(", stride {}", timesText(*p.strides));
    if (p.padding == Padding::Same) text += ", same";
    return text;
}

std::vector<LayerExample> pooling2DExamples() {
    return {
        {"Halve a picture", {}, {Shape{6, 4, 3}}},
        {"Cells left over", {{"pool_size", ParamValue::IntList{2, 3}}}, {Shape{5, 7, 2}}},
        {"Overlapping windows, same",
         {{"pool_size", 3}, {"strides", 2}, {"padding", "same"}},
         {Shape{7, 6, 2}}},
    };
}

} // namespace strata
