// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_types.h"

#include "engine/core/said.h"
#include "engine/layers/convolution_params.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/sizes.h"

#include <fmt/format.h>

namespace strata {
namespace {

template <std::size_t N>
struct Params : ConvWindow<N>, KernelParams {
    std::int64_t filters = 32;
    std::int64_t groups = 1;
};

template <std::size_t N>
SchemaOf<Params<N>> makeSchema(Schema head) {
    using P = Params<N>;
    SchemaOf<P> s(std::move(head));
    s.field(&P::filters, filtersParam());
    P::addKernelSize(s);
    P::addStrides(s);
    P::addPadding(s, N == 1);
    P::addDilation(s);
    s.field(&P::groups, {.key = "groups",
                         .label = "Groups",
                         .doc = "Cuts the channels into so many groups that do not see each other. It must "
                                "divide the input's channels "
                                "and the filters.",
                         .min = 1,
                         .max = 65536,
                         .advanced = true});
    KernelParams::addTo(s);
    return s;
}

Result<void> checkGroups(std::int64_t groups, std::int64_t channels, std::int64_t filters) {
    for (const auto& [count, what] :
         {std::pair(channels, said("channels of its input")), std::pair(filters, said("filters"))}) {
        if (count % groups == 0) continue;
        return failure(
            "layer.groups",
            said("groups {} does not divide the {} {}; use a number that divides both {} and {}",
                 groups, count, what, channels, filters));
    }
    return {};
}

template <std::size_t N>
ConvolutionJob jobOf(const Params<N>& p, const Shape& in, const std::array<AxisWindows, N>& axes) {
    ConvolutionJob job = jobFor(static_cast<const ConvWindow<N>&>(p), in, axes, p.filters, p.groups);
    job.activation = p.activation;
    job.bias = p.useBias;
    return job;
}

template <std::size_t N>
Result<LayerPlan> plan(const Params<N>& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != static_cast<int>(N) + 1) return wrongRank(in, static_cast<int>(N));
    const std::int64_t channels = in[-1];
    if (channels < 0) return unknownChannels();
    if (const Result<void> fits = checkGroups(p.groups, channels, p.filters); !fits) return fits.error();
    const auto axes = p.place(in);
    if (!axes) return axes.error();
    LayerPlan plan;
    plan.output = in;
    for (std::size_t i = 0; i < N; ++i)
        plan.output.set(static_cast<int>(i), (*axes)[i].out);
    plan.output.set(-1, p.filters);
    std::vector<std::int64_t> kernel(p.kernelSize.begin(), p.kernelSize.end());
    kernel.insert(kernel.end(), {channels / p.groups, p.filters});
    plan.weights = p.weights(std::move(kernel), p.filters);
    plan.receptive = receptiveStep(p.window());
    if (!plan.output.isKnown() || !productFits(plan.weights[0].dims) || !productFits(plan.output.dims()))
        return plan;
    planConvolution(plan, jobOf(p, in, *axes));
    return plan;
}

template <std::size_t N>
LayerParts<Params<N>> makeParts() {
    using P = Params<N>;
    LayerParts<P> parts;
    parts.plan = plan<N>;
    parts.create = [](const P& p, std::span<const Shape> inputs) {
        return makeConvolution(jobOf(p, inputs[0], *p.place(inputs[0])));
    };
    parts.summary = [](const P& p) {
        std::string text = fmt::format("{} {}{}", filtersText(p.filters), timesText(p.kernelSize), p.text());
        if (p.groups != 1) text += said(", {} groups", p.groups);
        return text + activationText(p.activation);
    };
    if constexpr (N == 2) {
        parts.window = [](const P& p, const Shape& input) { return windowGeometry(p.window(), input); };
    }
    const Shape shapes[] = {Shape{7, 4}, Shape{6, 5, 4}, Shape{4, 5, 5, 4}};
    const Shape& shape = shapes[N - 1];
    parts.examples = {
        {"The usual one", {{"filters", 4}, {"padding", "same"}, {"activation", "relu"}}, {shape}},
        {"Strides of 2", {{"filters", 3}, {"strides", 2}, {"padding", "same"}}, {shape}},
        {"Dilated, no bias",
         {{"filters", 2}, {"kernel_size", 2}, {"dilation_rate", 2}, {"use_bias", false}},
         {shape}},
        {"In two groups", {{"filters", 4}, {"groups", 2}, {"activation", "tanh"}}, {shape}},
        {"An activation whose slope needs the sums",
         {{"filters", 2}, {"kernel_size", 2}, {"activation", "gelu"}},
         {shape}},
        {"Channels first, a softmax along the width",
         {{"filters", 3}, {"kernel_size", 1}, {"data_format", "channels_first"}, {"activation", "softmax"}},
         {shape}},
        {"A class for every cell", {{"filters", 3}, {"kernel_size", 1}, {"activation", "softmax"}}, {shape}},
    };
    return parts;
}

} // namespace

LayerType convolutionType(Schema head, int spatialAxes) {
    LayerType type = spatialAxes == 1   ? layerTypeOf(makeSchema<1>(std::move(head)), makeParts<1>())
                     : spatialAxes == 2 ? layerTypeOf(makeSchema<2>(std::move(head)), makeParts<2>())
                                        : layerTypeOf(makeSchema<3>(std::move(head)), makeParts<3>());
    return withActivityRegularizer(withDataFormat(std::move(type), "padding"));
}

} // namespace strata
