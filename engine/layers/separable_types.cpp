// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_params.h"
#include "engine/layers/convolution_types.h"
#include "engine/layers/moved_axis.h"
#include "engine/layers/sizes.h"

#include <algorithm>
#include <fmt/format.h>

namespace strata {
namespace {

template <std::size_t N>
struct Params : ConvWindow<N> {
    std::int64_t filters = 32;
    std::int64_t depthMultiplier = 1;
    math::Activation activation = math::Activation::Linear;
    bool useBias = true;
    TypedParams depthwiseInitializer = initializer("GlorotUniform");
    TypedParams pointwiseInitializer = initializer("GlorotUniform");
    TypedParams biasInitializer = initializer("Zeros");
    std::optional<TypedParams> depthwiseRegularizer, pointwiseRegularizer, biasRegularizer;
    std::optional<TypedParams> depthwiseConstraint, pointwiseConstraint, biasConstraint;
};

template <std::size_t N>
SchemaOf<Params<N>> makeSchema(Schema head) {
    using P = Params<N>;
    SchemaOf<P> s(std::move(head));
    s.field(&P::filters, filtersParam());
    P::addKernelSize(s);
    P::addStrides(s);
    P::addPadding(s, false);
    P::addDilation(s);
    s.field(&P::depthMultiplier, {.key = "depth_multiplier",
                                  .label = "Depth multiplier",
                                  .doc = "How many filters each input channel gets in the first step.",
                                  .min = 1,
                                  .max = 4096});
    s.field(&P::activation, activationParam());
    s.field(&P::useBias,
            {.key = "use_bias",
             .label = "Use bias",
             .doc = "Adds a learnt constant to each output channel. Not needed before a BatchNormalization.",
             .advanced = true});
    s.field(&P::depthwiseInitializer, initializerParam("depthwise"));
    s.field(&P::pointwiseInitializer, initializerParam("pointwise"));
    s.field(&P::biasInitializer, initializerParam("bias"));
    s.field(&P::depthwiseRegularizer, regularizerParam("depthwise"));
    s.field(&P::pointwiseRegularizer, regularizerParam("pointwise"));
    s.field(&P::biasRegularizer, regularizerParam("bias"));
    s.field(&P::depthwiseConstraint, constraintParam("depthwise"));
    s.field(&P::pointwiseConstraint, constraintParam("pointwise"));
    s.field(&P::biasConstraint, constraintParam("bias"));
    return s;
}

/// The two convolutions: each channel for itself, then 1 × 1 over all of them.
struct Jobs {
    ConvolutionJob depth, point;
    Shape middle;
};

template <std::size_t N>
Jobs jobsOf(const Params<N>& p, const Shape& in, const std::array<AxisWindows, N>& axes) {
    Jobs jobs;
    const std::int64_t channels = in[-1] * p.depthMultiplier;
    jobs.depth = jobFor(static_cast<const ConvWindow<N>&>(p), in, axes, channels, in[-1]);
    jobs.depth.bias = false;
    jobs.middle = in;
    for (std::size_t i = 0; i < N; ++i)
        jobs.middle.set(static_cast<int>(i), axes[i].out);
    jobs.middle.set(-1, channels);
    ConvWindow<N> one;
    one.kernelSize = filled<N>(1);
    jobs.point = jobFor(one, jobs.middle, *one.place(jobs.middle), p.filters, 1);
    jobs.point.activation = p.activation;
    jobs.point.bias = p.useBias;
    return jobs;
}

/// saved: for the batch, the middle values and their gradient, then what the second convolution keeps.
class SeparableConvolution final : public Layer {
public:
    explicit SeparableConvolution(const Jobs& jobs)
        : m_depth(makeConvolution(jobs.depth))
        , m_point(makeConvolution(jobs.point))
        , m_shape(jobs.middle)
        , m_count(jobs.middle.count()) {
        LayerPlan plan;
        planConvolution(plan, jobs.point);
        m_pointSaved = plan.savedPerSample;
    }

    void forward(const Pass& pass) override {
        Pass first = pass;
        first.output = middle(pass);
        first.weights = pass.weights.subspan(0, 1);
        m_depth->forward(first);
        m_between = {middle(pass)};
        m_point->forward(second(pass));
    }

    void backward(const Pass& pass) override {
        m_between = {middle(pass)};
        m_gradBetween = {gradient(pass)};
        Pass last = second(pass);
        last.inputGrads = m_gradBetween;
        last.weightGrads = pass.weightGrads.subspan(1);
        m_point->backward(last);
        Pass first = pass;
        first.output = middle(pass);
        first.outputGrad = gradient(pass);
        first.gradSkipsSoftmax = false;
        first.weights = pass.weights.subspan(0, 1);
        first.weightGrads = pass.weightGrads.subspan(0, 1);
        m_depth->backward(first);
    }

private:
    std::int64_t region(const Pass& pass) const { return alignedFloats(pass.batch * m_count); }
    Tensor middle(const Pass& pass) const { return {pass.saved, m_shape, m_count}; }
    Tensor gradient(const Pass& pass) const { return {pass.saved + region(pass), m_shape, m_count}; }
    Pass second(const Pass& pass) const {
        Pass p = pass;
        p.inputs = m_between;
        p.weights = pass.weights.subspan(1);
        p.saved = pass.saved + 2 * region(pass);
        p.savedPerSample = m_pointSaved;
        return p;
    }

    std::unique_ptr<Layer> m_depth, m_point;
    Shape m_shape;
    std::int64_t m_count;
    std::int64_t m_pointSaved = 0;
    std::array<Tensor, 1> m_between, m_gradBetween;
};

template <std::size_t N>
std::vector<WeightSpec> weightsOf(const Params<N>& p, std::int64_t channels) {
    std::vector<std::int64_t> depth(p.kernelSize.begin(), p.kernelSize.end());
    depth.insert(depth.end(), {channels, p.depthMultiplier});
    std::vector<std::int64_t> point(N, 1);
    point.insert(point.end(), {channels * p.depthMultiplier, p.filters});
    std::vector<WeightSpec> weights;
    weights.push_back({.name = "depthwise_kernel",
                       .dims = std::move(depth),
                       .initializer = p.depthwiseInitializer,
                       .regularizer = p.depthwiseRegularizer,
                       .constraint = p.depthwiseConstraint});
    weights.push_back({.name = "pointwise_kernel",
                       .dims = std::move(point),
                       .initializer = p.pointwiseInitializer,
                       .regularizer = p.pointwiseRegularizer,
                       .constraint = p.pointwiseConstraint});
    if (p.useBias) {
        weights.push_back({.name = "bias",
                           .dims = {p.filters},
                           .initializer = p.biasInitializer,
                           .regularizer = p.biasRegularizer,
                           .constraint = p.biasConstraint});
    }
    return weights;
}

template <std::size_t N>
Result<LayerPlan> plan(const Params<N>& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != static_cast<int>(N) + 1) return wrongRank(in, static_cast<int>(N));
    if (in[-1] < 0) return unknownChannels();
    const auto axes = p.place(in);
    if (!axes) return axes.error();
    LayerPlan plan;
    plan.output = in;
    for (std::size_t i = 0; i < N; ++i)
        plan.output.set(static_cast<int>(i), (*axes)[i].out);
    plan.output.set(-1, p.filters);
    plan.weights = weightsOf(p, in[-1]);
    plan.receptive = receptiveStep(p.window());
    if (!plan.output.isKnown() || !productFits(plan.weights[0].dims) || !productFits(plan.weights[1].dims) ||
        !productFits(plan.output.dims())) {
        return plan;
    }
    const Jobs jobs = jobsOf(p, in, *axes);
    LayerPlan depth;
    planConvolution(depth, jobs.depth);
    planConvolution(plan, jobs.point);
    plan.fusion = {};
    plan.macs += depth.macs;
    plan.sharedScratch = std::max(plan.sharedScratch, depth.sharedScratch);
    plan.scratchPerWorker = std::max(plan.scratchPerWorker, depth.scratchPerWorker);
    plan.scratchPerChunk = std::max(plan.scratchPerChunk, depth.scratchPerChunk);
    plan.savedPerSample += 2 * (jobs.middle.count() + 16);
    plan.savedInInference = true;
    return plan;
}

template <std::size_t N>
LayerParts<Params<N>> makeParts() {
    using P = Params<N>;
    LayerParts<P> parts;
    parts.plan = plan<N>;
    parts.create = [](const P& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<SeparableConvolution>(jobsOf(p, inputs[0], *p.place(inputs[0])));
    };
    parts.summary = [](const P& p) {
        return fmt::format("{} {}{}{}", filtersText(p.filters), timesText(p.kernelSize), p.text(), activationText(p.activation));
    };
    if constexpr (N == 2) {
        parts.window = [](const P& p, const Shape& input) { return windowGeometry(p.window(), input); };
    }
    const Shape shapes[] = {Shape{7, 3}, Shape{6, 5, 3}};
    const Shape& shape = shapes[N - 1];
    parts.examples = {
        {"The usual one", {{"filters", 4}, {"padding", "same"}, {"activation", "relu"}}, {shape}},
        {"Two filters a channel, strides of 2",
         {{"filters", 2}, {"depth_multiplier", 2}, {"strides", 2}},
         {shape}},
        {"Dilated, no bias",
         {{"filters", 3},
          {"kernel_size", 2},
          {"dilation_rate", 2},
          {"use_bias", false},
          {"activation", "gelu"}},
         {shape}},
    };
    return parts;
}

} // namespace

LayerType separableConvolutionType(Schema head, int spatialAxes) {
    LayerType type = spatialAxes == 1 ? layerTypeOf(makeSchema<1>(std::move(head)), makeParts<1>())
                                      : layerTypeOf(makeSchema<2>(std::move(head)), makeParts<2>());
    return withActivityRegularizer(withDataFormat(std::move(type), "padding"));
}

} // namespace strata
