// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/convolution_params.h"
#include "engine/layers/convolution_types.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/sizes.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata {
namespace {

template <std::size_t N>
struct Params : ConvWindow<N>, KernelParams {
    std::int64_t filters = 32;
    std::optional<std::array<std::int64_t, N>> outputPadding;
};

template <std::size_t N>
SchemaOf<Params<N>> makeSchema(Schema head) {
    using P = Params<N>;
    SchemaOf<P> s(std::move(head));
    s.field(&P::filters, filtersParam());
    P::addKernelSize(s);
    P::addStrides(s);
    P::addPadding(s, false);
    s.field(&P::outputPadding, {.key = "output_padding",
                                .label = "Output padding",
                                .doc = "How many cells are added at the end of each axis; less than the "
                                       "strides. None: as many as make the "
                                       "size Keras's usual one.",
                                .min = 0,
                                .max = 4096,
                                .advanced = true});
    P::addDilation(s);
    KernelParams::addTo(s);
    return s;
}

/// One axis of a transposed convolution: its output size, and how many cells of the full result are cut off
/// before it.
struct TransposedAxis {
    std::int64_t out = Shape::kUnknown, crop = 0;
};

/// Keras's rules (backend/common/backend_utils.py describes them): the full result has (n - 1) s + ke cells,
/// ke = (k - 1) d + 1.
template <std::size_t N>
TransposedAxis axisOf(const Params<N>& p, std::size_t axis, std::int64_t n) {
    const std::int64_t s = p.strides[axis];
    const std::int64_t ke = (p.kernelSize[axis] - 1) * p.dilationRate[axis] + 1;
    const bool given = p.outputPadding.has_value();
    const std::int64_t op = given ? (*p.outputPadding)[axis] : std::max(ke, s) - ke;
    if (n < 0) return {};
    if (p.padding != "same") return {(n - 1) * s + ke + op, 0};
    const std::int64_t padding = given ? ke + ke % 2 - 2 + op : s + ke - 2;
    const std::int64_t before = std::min((padding + 1) / 2, ke - 1);
    return {given ? (n - 1) * s + ke % 2 + op : n * s, ke - 1 - before};
}

template <std::size_t N>
ConvolutionJob jobOf(const Params<N>& p, const Shape& in, const Shape& out) {
    // The convolution whose input is this layer's output.
    std::array<AxisWindows, N> axes{};
    for (std::size_t i = 0; i < N; ++i) {
        axes[i].out = in[static_cast<int>(i)];
        axes[i].before = axisOf(p, i, in[static_cast<int>(i)]).crop;
    }
    ConvolutionJob job = jobFor(static_cast<const ConvWindow<N>&>(p), out, axes, in[-1], 1);
    job.activation = p.activation;
    job.bias = p.useBias;
    return job;
}

template <std::size_t N>
Result<void> check(const Params<N>& p) {
    const auto above1 = [](std::int64_t v) { return v > 1; };
    if (std::ranges::any_of(p.strides, above1) && std::ranges::any_of(p.dilationRate, above1)) {
        return failure(
            "layer.stride_and_dilation",
            said("strides {} and dilation_rate {} cannot both be greater than 1; set one of them to 1",
                 timesText(p.strides), timesText(p.dilationRate)));
    }
    if (!p.outputPadding) return {};
    for (std::size_t i = 0; i < N; ++i) {
        if ((*p.outputPadding)[i] >= p.strides[i]) {
            return failure("layer.output_padding",
                           said("output_padding {} must be less than strides {}; use at most {}, or None",
                                (*p.outputPadding)[i], p.strides[i], p.strides[i] - 1));
        }
    }
    return {};
}

template <std::size_t N>
Result<LayerPlan> plan(const Params<N>& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != static_cast<int>(N) + 1) return wrongRank(in, static_cast<int>(N));
    if (in[-1] < 0) return unknownChannels();
    if (const Result<void> fits = check(p); !fits) return fits.error();
    LayerPlan plan;
    plan.output = in;
    plan.receptive = kUnknownField;
    for (std::size_t i = 0; i < N; ++i) {
        const TransposedAxis axis = axisOf(p, i, in[static_cast<int>(i)]);
        if (in[static_cast<int>(i)] >= 0 && axis.out < 1)
            return failure("layer.output_empty",
                           said("its output would have no cells; use padding valid or a larger output_padding"));
        plan.output.set(static_cast<int>(i), axis.out);
    }
    plan.output.set(-1, p.filters);
    std::vector<std::int64_t> kernel(p.kernelSize.begin(), p.kernelSize.end());
    kernel.insert(kernel.end(), {p.filters, in[-1]});
    plan.weights = p.weights(std::move(kernel), p.filters);
    if (!plan.output.isKnown() || !productFits(plan.weights[0].dims) || !productFits(plan.output.dims()))
        return plan;
    planTransposedConvolution(plan, jobOf(p, in, plan.output));
    return plan;
}

template <std::size_t N>
LayerParts<Params<N>> makeParts() {
    using P = Params<N>;
    LayerParts<P> parts;
    parts.plan = plan<N>;
    parts.create = [](const P& p, std::span<const Shape> inputs) {
        return makeTransposedConvolution(jobOf(p, inputs[0], plan(p, inputs)->output));
    };
    parts.summary = [](const P& p) {
        return fmt::format("{} {}{}{}", filtersText(p.filters), timesText(p.kernelSize), p.text(), activationText(p.activation));
    };
    const Shape shapes[] = {Shape{5, 3}, Shape{4, 3, 3}, Shape{3, 2, 3, 2}};
    const Shape& shape = shapes[N - 1];
    parts.examples = {
        {"Twice as large",
         {{"filters", 2}, {"strides", 2}, {"padding", "same"}, {"activation", N == 3 ? "elu" : "relu"}},
         {shape}},
        {"With output padding", {{"filters", 2}, {"strides", 3}, {"output_padding", 1}}, {shape}},
        {"Same, with output padding",
         {{"filters", 2}, {"strides", 2}, {"padding", "same"}, {"output_padding", 1}},
         {shape}},
        {"Dilated, no bias",
         {{"filters", 3},
          {"kernel_size", 2},
          {"dilation_rate", 2},
          {"use_bias", false},
          {"activation", "tanh"}},
         {shape}},
    };
    return parts;
}

} // namespace

LayerType transposedConvolutionType(Schema head, int spatialAxes) {
    LayerType type = spatialAxes == 1   ? layerTypeOf(makeSchema<1>(std::move(head)), makeParts<1>())
                     : spatialAxes == 2 ? layerTypeOf(makeSchema<2>(std::move(head)), makeParts<2>())
                                        : layerTypeOf(makeSchema<3>(std::move(head)), makeParts<3>());
    return withActivityRegularizer(withDataFormat(std::move(type), "output_padding"));
}

} // namespace strata
