// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/conv2d.h"
#include "engine/layers/activation_param.h"
#include "engine/layers/initializers.h"
#include "engine/layers/layer_type_of.h"
#include "engine/layers/sizes.h"
#include "engine/layers/window.h"
#include "engine/layers/workspace.h"

#include <fmt/format.h>

namespace strata::layers {
namespace {

struct Params {
    std::int64_t filters = 32;
    std::array<std::int64_t, 2> kernelSize{3, 3};
    std::array<std::int64_t, 2> strides{1, 1};
    Padding padding = Padding::Valid;
    std::array<std::int64_t, 2> dilationRate{1, 1};
    std::int64_t groups = 1;
    math::Activation activation = math::Activation::Linear;
    bool useBias = true;
    TypedParams kernelInitializer = initializer("GlorotUniform");
    TypedParams biasInitializer = initializer("Zeros");

    SlidingWindow<2> window() const { return {kernelSize, strides, dilationRate, padding}; }
};

SchemaOf<Params> makeSchema() {
    SchemaOf<Params> s({.id = "Conv2D",
                        .category = "convolution",
                        .doc = "Slides small filters over a picture. Each filter answers where its pattern "
                               "occurs, and its answers become one channel "
                               "of the output. The weights are learnt and shared by all places, so a pattern "
                               "is found wherever it lies. The work "
                               "horse of image networks.",
                        .reference = "https://keras.io/api/layers/convolution_layers/convolution2d/",
                        .synonyms = {"convolution", "Convolution2D", "filter", "kernel", "conv"}});
    s.field(&Params::filters, {.key = "filters",
                               .label = "Filters",
                               .doc = "How many patterns the layer looks for: the number of output channels.",
                               .min = 1,
                               .max = 65536});
    s.field(&Params::kernelSize,
            {.key = "kernel_size",
             .label = "Kernel size",
             .doc = "Height and width of each filter in cells. 3 × 3 is the usual choice.",
             .min = 1,
             .max = 4096});
    s.field(&Params::strides,
            {.key = "strides",
             .label = "Strides",
             .doc = "By how many cells the filter moves on, down and to the right. 2 halves the picture.",
             .min = 1,
             .max = 4096});
    s.field(&Params::padding, {.key = "padding",
                               .label = "Padding",
                               .doc = "valid: the filter stays inside the picture, which shrinks. same: "
                                      "zeros are put around it, so that "
                                      "with strides of 1 the size stays."});
    s.field(
        &Params::dilationRate,
        {.key = "dilation_rate",
         .label = "Dilation",
         .doc =
             "Spreads the filter's cells so far apart, so that it sees a larger area with the same number of "
             "weights. Not together with strides above 1.",
         .min = 1,
         .max = 4096,
         .advanced = true});
    s.field(
        &Params::groups,
        {.key = "groups",
         .label = "Groups",
         .doc =
             "Cuts the channels into so many groups that do not see each other. It must divide the input's "
             "channels and the filters.",
         .min = 1,
         .max = 65536,
         .advanced = true});
    s.field(&Params::activation, activationParam());
    s.field(&Params::useBias,
            {.key = "use_bias",
             .label = "Use bias",
             .doc = "Adds a learnt constant to each output channel. Not needed before a BatchNormalization.",
             .advanced = true});
    s.field(&Params::kernelInitializer, {.key = "kernel_initializer",
                                         .label = "Kernel initializer",
                                         .doc = "The numbers with which the filters begin.",
                                         .advanced = true,
                                         .family = initializerFamily});
    s.field(&Params::biasInitializer, {.key = "bias_initializer",
                                       .label = "Bias initializer",
                                       .doc = "The numbers with which the biases begin.",
                                       .advanced = true,
                                       .family = initializerFamily});
    return s;
}

math::ConvGeometry geometryOf(const Params& p, const Shape& in, const std::array<AxisWindows, 2>& axes) {
    return {.inH = in[0],
            .inW = in[1],
            .inC = in[2],
            .outH = axes[0].out,
            .outW = axes[1].out,
            .outC = p.filters,
            .kernelH = p.kernelSize[0],
            .kernelW = p.kernelSize[1],
            .strideH = p.strides[0],
            .strideW = p.strides[1],
            .dilationH = p.dilationRate[0],
            .dilationW = p.dilationRate[1],
            .padTop = axes[0].before,
            .padLeft = axes[1].before,
            .groups = p.groups};
}

class Conv2D final : public Layer {
public:
    Conv2D(const Params& p, const math::ConvGeometry& g)
        : m_conv(g)
        , m_activation(p.activation, g.outputFloats(), g.outC)
        , m_bias(p.useBias) {}

    void forward(const Pass& pass) override {
        const float* w = pass.weights[0];
        const float* bias = m_bias ? pass.weights[1] : nullptr;
        m_conv.prepareForward(w, pass.sharedScratch, *pass.workers);
        const bool whole = m_conv.prefersWholeBatch();
        if (whole) {
            m_conv.forward(pass.batch, pass.inputs[0].data, w, pass.sharedScratch, bias,
                           m_activation.sums(pass, 0), pass.workerScratch, *pass.workers,
                           {.relu = m_activation.isRelu()});
        }
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int worker) {
            const ChunkRange r = pass.samplesOf(chunk);
            if (!whole) {
                m_conv.forward(r.size, pass.inputs[0].sample(r.first), w, pass.sharedScratch, bias,
                               m_activation.sums(pass, r.first), pass.scratchOf(worker),
                               {.relu = m_activation.isRelu()});
            }
            m_activation.forward(pass, r.first, r.size);
        });
    }

    void backward(const Pass& pass) override {
        const float* w = pass.weights[0];
        const bool wantsInput = pass.inputGrads[0].data != nullptr;
        const bool whole = m_conv.prefersWholeBatch();
        if (wantsInput) m_conv.prepareBackward(w, pass.sharedScratch, *pass.workers);
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int worker) {
            const ChunkRange r = pass.samplesOf(chunk);
            m_activation.backward(pass, r.first, r.size);
            if (!wantsInput || whole) return;
            m_conv.backwardInput(r.size, pass.outputGrad.sample(r.first), w, pass.sharedScratch,
                                 pass.inputGrads[0].sample(r.first), pass.scratchOf(worker));
        });
        if (wantsInput && whole) {
            m_conv.backwardInput(pass.batch, pass.outputGrad.data, w, pass.sharedScratch,
                                 pass.inputGrads[0].data, pass.workerScratch, *pass.workers);
        }
        if (pass.weightGrads[0] == nullptr) return;
        m_conv.backwardWeights(pass.batch, pass.inputs[0].data, pass.outputGrad.data, pass.weightGrads[0],
                               m_bias ? pass.weightGrads[1] : nullptr, pass.chunkScratch, pass.workerScratch,
                               *pass.workers);
    }

private:
    math::Convolution m_conv;
    OutputActivation m_activation;
    bool m_bias;
};

Result<LayerPlan> plan(const Params& p, std::span<const Shape> inputs) {
    const Shape& in = inputs[0];
    if (in.rank() != 3) return wrongRank(in, "height × width × channels");
    const std::int64_t channels = in[2];
    if (channels < 0)
        return failure("layer.channels_unknown",
                       "the number of channels of its input is not known; say it in the Input");
    for (const auto& [count, what] :
         {std::pair(channels, "channels of its input"), std::pair(p.filters, "filters")}) {
        if (count % p.groups == 0) continue;
        return failure(
            "layer.groups",
            fmt::format("groups {} does not divide the {} {}; use a number that divides both {} and {}",
                        p.groups, count, what, channels, p.filters));
    }
    const auto axes = placeWindows(in, p.window(), "kernel_size");
    if (!axes) return axes.error();

    LayerPlan plan;
    plan.output = Shape{(*axes)[0].out, (*axes)[1].out, p.filters};
    plan.weights.push_back({.name = "kernel",
                            .dims = {p.kernelSize[0], p.kernelSize[1], channels / p.groups, p.filters},
                            .initializer = p.kernelInitializer});
    if (p.useBias)
        plan.weights.push_back({.name = "bias", .dims = {p.filters}, .initializer = p.biasInitializer});
    plan.receptive = receptiveStep(p.window());
    plan.endsInSoftmax = p.activation == math::Activation::Softmax;
    plan.backwardReadsOutput = OutputActivation::readsOutput(p.activation);
    if (!plan.output.isKnown() || !productFits(plan.weights[0].dims) || !productFits(plan.output.dims()))
        return plan;

    const math::ConvGeometry g = geometryOf(p, in, *axes);
    const math::Convolution conv(g);
    plan.macs = saturatingProduct({g.outH, g.outW, g.weightFloats()});
    plan.savedPerSample = OutputActivation(p.activation, g.outputFloats(), g.outC).savedPerSample();
    plan.sharedScratch = conv.preparedFloats();
    plan.scratchPerWorker = conv.scratchFloats();
    plan.scratchPerChunk =
        workspacePerChunk([&](std::int64_t batch) { return conv.backwardWeightsFloats(batch); });
    return plan;
}

std::string summary(const Params& p) {
    std::string text =
        fmt::format("{} {} {}, {}", p.filters, p.filters == 1 ? "filter" : "filters", timesText(p.kernelSize),
                    choiceNames(p.padding)[static_cast<std::size_t>(p.padding)]);
    if (p.strides != std::array<std::int64_t, 2>{1, 1})
        text += fmt::format(", stride {}", timesText(p.strides));
    if (p.dilationRate != std::array<std::int64_t, 2>{1, 1})
        text += fmt::format(", dilation {}", timesText(p.dilationRate));
    if (p.groups != 1) text += fmt::format(", {} groups", p.groups);
    return text + activationText(p.activation);
}

} // namespace

LayerType conv2d() {
    LayerParts<Params> parts;
    parts.plan = plan;
    parts.create = [](const Params& p, std::span<const Shape> inputs) -> std::unique_ptr<Layer> {
        return std::make_unique<Conv2D>(
            p, geometryOf(p, inputs[0], *placeWindows(inputs[0], p.window(), "kernel_size")));
    };
    parts.summary = summary;
    parts.window = [](const Params& p, const Shape& input) { return windowGeometry(p.window(), input); };
    using Ints = ParamValue::IntList;
    parts.examples = {
        {"3 × 3, the usual one",
         {{"filters", 4}, {"padding", "same"}, {"activation", "relu"}},
         {Shape{6, 5, 3}}},
        {"Strides of 2", {{"filters", 3}, {"strides", 2}, {"padding", "same"}}, {Shape{7, 6, 2}}},
        {"Dilated, no bias", {{"filters", 2}, {"dilation_rate", 2}, {"use_bias", false}}, {Shape{8, 7, 2}}},
        {"In two groups, tall kernel",
         {{"filters", 4}, {"kernel_size", Ints{3, 1}}, {"groups", 2}, {"activation", "tanh"}},
         {Shape{5, 4, 4}}},
        {"With an activation whose slope needs the sums",
         {{"filters", 2}, {"kernel_size", 2}, {"activation", "gelu"}},
         {Shape{4, 4, 1}}},
        {"1 × 1 with softmax: a class for every cell",
         {{"filters", 3}, {"kernel_size", 1}, {"activation", "softmax"}},
         {Shape{3, 3, 2}}},
    };
    return layerTypeOf(makeSchema(), std::move(parts));
}

} // namespace strata::layers
