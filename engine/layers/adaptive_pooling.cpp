// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/adaptive_pooling.h"

#include "engine/layers/layer_type_of.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/pooling3d.h"
#include "engine/layers/sizes.h"
#include "engine/layers/window.h"

namespace strata {
namespace {

template <std::size_t N>
constexpr std::array<std::int64_t, N> twos() {
    std::array<std::int64_t, N> out{};
    out.fill(2);
    return out;
}

template <std::size_t N>
struct Params {
    std::array<std::int64_t, N> outputSize = twos<N>();
};

/// Window i of `out` over `in` cells begins at floor(i in / out) and ends at ceil((i + 1) in / out): together they
/// cover all cells, and overlap where `out` does not divide `in`.
std::vector<CellRange> adaptiveWindows(std::int64_t in, std::int64_t out) {
    std::vector<CellRange> windows;
    for (std::int64_t i = 0; i < out; ++i)
        windows.push_back({i * in / out, ((i + 1) * in + out - 1) / out});
    return windows;
}

template <std::size_t N>
LayerParts<Params<N>> makeParts(bool max) {
    using P = Params<N>;
    LayerParts<P> parts;
    parts.plan = [max](const P& p, std::span<const Shape> inputs) -> Result<LayerPlan> {
        const Shape& in = inputs[0];
        if (in.rank() != static_cast<int>(N) + 1) return wrongRank(in, static_cast<int>(N));
        LayerPlan plan;
        plan.output = in;
        for (std::size_t i = 0; i < N; ++i)
            plan.output.set(static_cast<int>(i), p.outputSize[i]);
        plan.backwardReadsInput = false;
        plan.backwardReadsOutput = false;
        if (max && productFits(plan.output.dims())) plan.savedPerSample = countOrZero(plan.output);
        return plan;
    };
    parts.create = [max](const P& p, std::span<const Shape> inputs) {
        // Axes that are not there are one cell long.
        Shape volume{1, 1, 1, inputs[0][-1]};
        PoolWindows windows;
        windows.fill(adaptiveWindows(1, 1));
        for (std::size_t i = 0; i < N; ++i) {
            const std::size_t axis = 3 - N + i;
            volume.set(static_cast<int>(axis), inputs[0][static_cast<int>(i)]);
            windows[axis] = adaptiveWindows(inputs[0][static_cast<int>(i)], p.outputSize[i]);
        }
        return makePooling3D(max, std::move(windows), volume);
    };
    parts.summary = [](const P& p) { return "to " + timesText(p.outputSize); };
    const Shape even[] = {Shape{6, 3}, Shape{6, 4, 3}, Shape{4, 4, 2, 3}};
    const Shape odd[] = {Shape{7, 2}, Shape{7, 5, 2}, Shape{3, 5, 4, 2}};
    parts.examples = {{"To two cells along each axis", {}, {even[N - 1]}},
                      {"Windows that overlap", {{"output_size", 3}}, {odd[N - 1]}},
                      {"More cells than there are", {{"output_size", 8}}, {even[N - 1]}}};
    return parts;
}

template <std::size_t N>
LayerType makeType(Schema head, bool max) {
    using P = Params<N>;
    SchemaOf<P> schema(std::move(head));
    schema.field(&P::outputSize, {.key = "output_size",
                                  .label = "Output size",
                                  .doc = "How many cells come out along each axis, whatever goes in.",
                                  .min = 1,
                                  .max = 65536});
    return withDataFormat(layerTypeOf(std::move(schema), makeParts<N>(max)), "output_size");
}

} // namespace

LayerType adaptivePoolingType(Schema head, PoolingKind kind, int spatialAxes) {
    const bool max = kind == PoolingKind::Max;
    return spatialAxes == 1   ? makeType<1>(std::move(head), max)
           : spatialAxes == 2 ? makeType<2>(std::move(head), max)
                              : makeType<3>(std::move(head), max);
}

} // namespace strata
