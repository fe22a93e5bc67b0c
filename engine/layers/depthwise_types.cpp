// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/layers/convolution_params.h"
#include "engine/layers/convolution_types.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/sizes.h"

namespace strata {
namespace {

/// A depthwise kernel (k..., channels, multiplier) has the bytes of a grouped one (k..., 1, channels *
/// multiplier) with as many groups as channels: output channel c * multiplier + j belongs to input channel c.
template <std::size_t N>
struct Params : ConvWindow<N> {
    std::int64_t depthMultiplier = 1;
    math::Activation activation = math::Activation::Linear;
    bool useBias = true;
    TypedParams depthwiseInitializer = initializer("GlorotUniform");
    TypedParams biasInitializer = initializer("Zeros");
    std::optional<TypedParams> depthwiseRegularizer, biasRegularizer, depthwiseConstraint, biasConstraint;
};

template <std::size_t N>
SchemaOf<Params<N>> makeSchema(Schema head) {
    using P = Params<N>;
    SchemaOf<P> s(std::move(head));
    P::addKernelSize(s);
    P::addStrides(s);
    P::addPadding(s, false);
    s.field(&P::depthMultiplier, {.key = "depth_multiplier",
                                  .label = "Depth multiplier",
                                  .doc = "How many filters each input channel gets.",
                                  .min = 1,
                                  .max = 4096});
    P::addDilation(s);
    s.field(&P::activation, activationParam());
    s.field(&P::useBias,
            {.key = "use_bias",
             .label = "Use bias",
             .doc = "Adds a learnt constant to each output channel. Not needed before a BatchNormalization.",
             .advanced = true});
    s.field(&P::depthwiseInitializer, initializerParam("depthwise"));
    s.field(&P::biasInitializer, initializerParam("bias"));
    s.field(&P::depthwiseRegularizer, regularizerParam("depthwise"));
    s.field(&P::biasRegularizer, regularizerParam("bias"));
    s.field(&P::depthwiseConstraint, constraintParam("depthwise"));
    s.field(&P::biasConstraint, constraintParam("bias"));
    return s;
}

template <std::size_t N>
ConvolutionJob jobOf(const Params<N>& p, const Shape& in, const std::array<AxisWindows, N>& axes) {
    ConvolutionJob job =
        jobFor(static_cast<const ConvWindow<N>&>(p), in, axes, in[-1] * p.depthMultiplier, in[-1]);
    job.activation = p.activation;
    job.bias = p.useBias;
    return job;
}

template <std::size_t N>
Result<LayerPlan> plan(const Params<N>& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != static_cast<int>(N) + 1) return wrongRank(in, static_cast<int>(N));
    if (in[-1] < 0) return unknownChannels();
    const auto axes = p.place(in);
    if (!axes) return axes.error();
    const std::int64_t channels = in[-1] * p.depthMultiplier;
    LayerPlan plan;
    plan.output = in;
    for (std::size_t i = 0; i < N; ++i)
        plan.output.set(static_cast<int>(i), (*axes)[i].out);
    plan.output.set(-1, channels);
    std::vector<std::int64_t> kernel(p.kernelSize.begin(), p.kernelSize.end());
    kernel.insert(kernel.end(), {in[-1], p.depthMultiplier});
    plan.weights.push_back({.name = "kernel",
                            .dims = std::move(kernel),
                            .initializer = p.depthwiseInitializer,
                            .regularizer = p.depthwiseRegularizer,
                            .constraint = p.depthwiseConstraint});
    if (p.useBias) {
        plan.weights.push_back({.name = "bias",
                                .dims = {channels},
                                .initializer = p.biasInitializer,
                                .regularizer = p.biasRegularizer,
                                .constraint = p.biasConstraint});
    }
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
        std::string text = timesText(p.kernelSize) + p.text();
        if (p.depthMultiplier != 1) text += said(", {} a channel", p.depthMultiplier);
        return text + activationText(p.activation);
    };
    if constexpr (N == 2) {
        parts.window = [](const P& p, const Shape& input) { return windowGeometry(p.window(), input); };
    }
    const Shape shapes[] = {Shape{7, 3}, Shape{6, 5, 3}};
    const Shape& shape = shapes[N - 1];
    parts.examples = {
        {"One filter a channel", {{"padding", "same"}, {"activation", "relu6"}}, {shape}},
        {"Two filters a channel, strides of 2", {{"depth_multiplier", 2}, {"strides", 2}}, {shape}},
        {"Dilated, no bias", {{"kernel_size", 2}, {"dilation_rate", 2}, {"use_bias", false}}, {shape}},
    };
    return parts;
}

} // namespace

LayerType depthwiseConvolutionType(Schema head, int spatialAxes) {
    LayerType type = spatialAxes == 1 ? layerTypeOf(makeSchema<1>(std::move(head)), makeParts<1>())
                                      : layerTypeOf(makeSchema<2>(std::move(head)), makeParts<2>());
    return withActivityRegularizer(withDataFormat(std::move(type), "depth_multiplier"));
}

} // namespace strata
