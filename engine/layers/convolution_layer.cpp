// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_layer.h"

#include "engine/layers/activation_param.h"
#include "engine/layers/chunked_layer.h"
#include "engine/layers/sizes.h"
#include "engine/layers/workspace.h"

#include <algorithm>

namespace strata {
namespace {

/// The same questions to both kinds of convolution.
std::int64_t outputFloats(const math::Convolution& c) {
    return c.geometry().outputFloats();
}
std::int64_t outputFloats(const Convolution3D& c) {
    return c.outputFloats();
}

template <class Conv>
Conv make(const ConvolutionJob& job) {
    if constexpr (std::is_same_v<Conv, Convolution3D>)
        return Conv(job.slice, job.depth);
    else
        return Conv(job.slice);
}

class PictureConvolution final : public ChunkedLayer {
public:
    explicit PictureConvolution(const ConvolutionJob& job)
        : m_conv(job.slice)
        , m_activation(job.activation, outputFloats(m_conv), job.slice.outC)
        , m_bias(job.bias) {}

    /// Large weights are better read once a thread for the whole batch than once for every chunk of it, unless a
    /// chunk is long.
    bool forwardByChunks(const Pass&) const override { return !m_conv.prefersWholeBatch(); }
    bool backwardByChunks(const Pass& pass) const override { return !m_conv.splitsBackward(pass.batch); }

    void forward(const Pass& pass) override {
        if (forwardByChunks(pass)) return ChunkedLayer::forward(pass);
        beginForward(pass);
        m_conv.forward(pass.batch, pass.inputs[0].data, pass.weights[0], pass.sharedScratch, bias(pass),
                       m_activation.sums(pass, 0), pass.workerScratch, *pass.workers, fusion(pass, 0));
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            m_activation.forward(pass, r.first, r.size);
        });
    }
    void beginForward(const Pass& pass) override {
        m_conv.prepareForward(pass.weights[0], pass.sharedScratch, *pass.workers);
    }
    void forwardChunk(const Pass& pass, std::int64_t chunk, int worker) override {
        const ChunkRange r = pass.samplesOf(chunk);
        m_conv.forward(r.size, pass.inputs[0].sample(r.first), pass.weights[0], pass.sharedScratch, bias(pass),
                       m_activation.sums(pass, r.first), pass.scratchOf(worker), fusion(pass, r.first));
        m_activation.forward(pass, r.first, r.size);
    }

    void backward(const Pass& pass) override {
        if (backwardByChunks(pass)) return ChunkedLayer::backward(pass);
        beginBackward(pass);
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            m_activation.backward(pass, r.first, r.size);
        });
        m_conv.backward(pass.batch, pass.inputs[0].data, pass.outputGrad.data, prepared(pass),
                        pass.inputGrads[0].data, pass.weightGrads[0], summedBiasGradient(pass), pass.chunkScratch,
                        pass.workerScratch, *pass.workers, fusion(pass, 0));
        takeBiasGradient(pass);
    }
    void beginBackward(const Pass& pass) override {
        if (prepared(pass) != nullptr)
            m_conv.prepareBackward(pass.weights[0], pass.sharedScratch, *pass.workers);
    }
    void backwardChunk(const Pass& pass, std::int64_t chunk, int worker) override {
        const ChunkRange r = pass.samplesOf(chunk);
        m_activation.backward(pass, r.first, r.size);
        m_conv.backwardPart(r.size, pass.inputs[0].sample(r.first), pass.outputGrad.sample(r.first), prepared(pass),
                            prepared(pass) == nullptr ? nullptr : pass.inputGrads[0].sample(r.first),
                            pass.weightGrads[0] == nullptr ? nullptr
                                                           : pass.chunkScratch + chunk * m_conv.partialFloats(),
                            summedBiasGradient(pass) != nullptr, pass.scratchOf(worker), fusion(pass, r.first));
    }
    void endBackward(const Pass& pass) override {
        if (pass.weightGrads[0] != nullptr)
            m_conv.sumParts(pass.chunks, pass.chunkScratch, pass.weightGrads[0], summedBiasGradient(pass), *pass.workers);
        takeBiasGradient(pass);
    }

private:
    const float* bias(const Pass& pass) const { return m_bias ? pass.weights[1] : nullptr; }
    float* biasGradient(const Pass& pass) const { return m_bias ? pass.weightGrads[1] : nullptr; }
    /// Null if it need not be summed, since the normalization behind the layer knows it.
    float* summedBiasGradient(const Pass& pass) const {
        return pass.gradientMap.isIdentity() ? biasGradient(pass) : nullptr;
    }
    void takeBiasGradient(const Pass& pass) const {
        float* const to = biasGradient(pass);
        if (to != nullptr && !pass.gradientMap.isIdentity())
            std::copy_n(pass.gradientSums, m_conv.geometry().outC, to);
    }
    math::ConvFusion fusion(const Pass& pass, std::int64_t firstSample) const {
        math::ConvFusion f{.relu = m_activation.isRelu(), .gradient = pass.gradientMap, .addToInput = pass.addToInputGrad};
        if (!pass.maps.empty()) f.input = pass.maps[0];
        if (!f.gradient.isIdentity()) f.gradient.y = pass.output.sample(firstSample);
        return f;
    }
    /// Null if nobody wants the gradient of the input.
    static const float* prepared(const Pass& pass) {
        return pass.inputGrads[0].data == nullptr ? nullptr : pass.sharedScratch;
    }

    math::Convolution m_conv;
    OutputActivation m_activation;
    bool m_bias;
};

class VolumeConvolution final : public Layer {
public:
    explicit VolumeConvolution(const ConvolutionJob& job)
        : m_conv(job.slice, job.depth)
        , m_activation(job.activation, outputFloats(m_conv), job.slice.outC)
        , m_bias(job.bias) {}

    void forward(const Pass& pass) override {
        m_conv.prepareForward(pass.weights[0], pass.sharedScratch, *pass.workers);
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int worker) {
            const ChunkRange r = pass.samplesOf(chunk);
            m_conv.forward(r.size, pass.inputs[0].sample(r.first), pass.weights[0], pass.sharedScratch,
                           m_bias ? pass.weights[1] : nullptr, m_activation.sums(pass, r.first),
                           pass.scratchOf(worker), {.relu = m_activation.isRelu()});
            m_activation.forward(pass, r.first, r.size);
        });
    }

    void backward(const Pass& pass) override {
        const bool wantsInput = pass.inputGrads[0].data != nullptr;
        if (wantsInput) m_conv.prepareBackward(pass.weights[0], pass.sharedScratch, *pass.workers);
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int worker) {
            const ChunkRange r = pass.samplesOf(chunk);
            m_activation.backward(pass, r.first, r.size);
            if (!wantsInput) return;
            m_conv.backwardInput(r.size, pass.outputGrad.sample(r.first), pass.weights[0], pass.sharedScratch,
                                 pass.inputGrads[0].sample(r.first), pass.scratchOf(worker));
        });
        if (pass.weightGrads[0] == nullptr) return;
        m_conv.backwardWeights(pass.batch, pass.inputs[0].data, pass.outputGrad.data, pass.weightGrads[0],
                               m_bias ? pass.weightGrads[1] : nullptr, pass.chunkScratch, pass.workerScratch,
                               *pass.workers);
    }

private:
    Convolution3D m_conv;
    OutputActivation m_activation;
    bool m_bias;
};

template <class Conv>
void planMemory(LayerPlan& plan, const ConvolutionJob& job, std::int64_t outputs, std::int64_t channels) {
    const Conv conv = make<Conv>(job);
    plan.savedPerSample = OutputActivation(job.activation, outputs, channels).savedPerSample();
    plan.sharedScratch = conv.preparedFloats();
    plan.scratchPerWorker = conv.scratchFloats();
    if constexpr (std::is_same_v<Conv, math::Convolution>) {
        plan.fusion.takesMap = plan.fusion.takesMapRelu = conv.fuses().input;
        plan.fusion.addsGradient = conv.fuses().addToInput;
        plan.fusion.leavesReluGradient = job.activation == math::Activation::Relu;
        plan.fusion.takesGradientMap = conv.fuses().gradient && job.activation == math::Activation::Linear;
    }
    plan.scratchPerChunk =
        std::max(workspacePerChunk([&](std::int64_t batch) { return conv.backwardWeightsFloats(batch); }),
                 alignedFloats(channels));
}

void planOutput(LayerPlan& plan, const ConvolutionJob& job) {
    plan.endsInSoftmax = job.activation == math::Activation::Softmax;
    plan.backwardReadsOutput = OutputActivation::readsOutput(job.activation);
}

} // namespace

void planConvolution(LayerPlan& plan, const ConvolutionJob& job) {
    planOutput(plan, job);
    plan.byChunks = !job.volume;
    plan.macs = saturatingProduct(
        {job.depth.out, job.depth.kernel, job.slice.outH, job.slice.outW, job.slice.weightFloats()});
    const std::int64_t outputs = job.depth.out * job.slice.outputFloats();
    if (job.volume)
        planMemory<Convolution3D>(plan, job, outputs, job.slice.outC);
    else
        planMemory<math::Convolution>(plan, job, outputs, job.slice.outC);
}

std::unique_ptr<Layer> makeConvolution(const ConvolutionJob& job) {
    if (job.volume) return std::make_unique<VolumeConvolution>(job);
    return std::make_unique<PictureConvolution>(job);
}

void planTransposedConvolution(LayerPlan& plan, const ConvolutionJob& job) {
    planOutput(plan, job);
    plan.macs = saturatingProduct(
        {job.depth.out, job.depth.kernel, job.slice.outH, job.slice.outW, job.slice.weightFloats()});
    const std::int64_t outputs = job.depth.in * job.slice.inputFloats();
    if (job.volume)
        planMemory<Convolution3D>(plan, job, outputs, job.slice.inC);
    else
        planMemory<math::Convolution>(plan, job, outputs, job.slice.inC);
    plan.fusion = {};
}

} // namespace strata
