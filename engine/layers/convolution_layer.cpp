// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_layer.h"

#include "engine/layers/activation_param.h"
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

template <class Conv>
class ConvolutionLayer final : public Layer {
public:
    explicit ConvolutionLayer(const ConvolutionJob& job)
        : m_conv(make<Conv>(job))
        , m_activation(job.activation, outputFloats(m_conv), job.slice.outC)
        , m_bias(job.bias) {}

    void forward(const Pass& pass) override {
        const float* w = pass.weights[0];
        const float* bias = m_bias ? pass.weights[1] : nullptr;
        m_conv.prepareForward(w, pass.sharedScratch, *pass.workers);
        const bool whole = prefersWholeBatch();
        if constexpr (kWholeBatches) {
            if (whole) {
                m_conv.forward(pass.batch, pass.inputs[0].data, w, pass.sharedScratch, bias,
                               m_activation.sums(pass, 0), pass.workerScratch, *pass.workers,
                               {.relu = m_activation.isRelu()});
            }
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
        const bool wantsInput = pass.inputGrads[0].data != nullptr;
        if (wantsInput) m_conv.prepareBackward(pass.weights[0], pass.sharedScratch, *pass.workers);
        if constexpr (kWholeBatches)
            backwardPicture(pass, wantsInput);
        else
            backwardVolume(pass, wantsInput);
    }

private:
    /// Large weights are better read once a thread for the whole batch than once for every chunk of it.
    static constexpr bool kWholeBatches = std::is_same_v<Conv, math::Convolution>;
    bool prefersWholeBatch() const {
        if constexpr (kWholeBatches)
            return m_conv.prefersWholeBatch();
        else
            return false;
    }

    void backwardPicture(const Pass& pass, bool wantsInput) {
        float* const dw = pass.weightGrads[0];
        float* const db = m_bias ? pass.weightGrads[1] : nullptr;
        const float* prepared = wantsInput ? pass.sharedScratch : nullptr;
        const bool split = m_conv.splitsBackward(pass.batch);
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int worker) {
            const ChunkRange r = pass.samplesOf(chunk);
            m_activation.backward(pass, r.first, r.size);
            if (split) return;
            m_conv.backwardPart(r.size, pass.inputs[0].sample(r.first), pass.outputGrad.sample(r.first), prepared,
                                wantsInput ? pass.inputGrads[0].sample(r.first) : nullptr,
                                dw == nullptr ? nullptr : pass.chunkScratch + chunk * m_conv.partialFloats(),
                                db != nullptr, pass.scratchOf(worker));
        });
        if (split)
            m_conv.backward(pass.batch, pass.inputs[0].data, pass.outputGrad.data, prepared, pass.inputGrads[0].data,
                            dw, db, pass.chunkScratch, pass.workerScratch, *pass.workers);
        else if (dw != nullptr)
            m_conv.sumParts(pass.chunks, pass.chunkScratch, dw, db, *pass.workers);
    }

    void backwardVolume(const Pass& pass, bool wantsInput) {
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

    Conv m_conv;
    OutputActivation m_activation;
    bool m_bias;
};

template <class Conv>
void planMemory(LayerPlan& plan, const ConvolutionJob& job, std::int64_t outputs, std::int64_t channels) {
    const Conv conv = make<Conv>(job);
    plan.savedPerSample = OutputActivation(job.activation, outputs, channels).savedPerSample();
    plan.sharedScratch = conv.preparedFloats();
    plan.scratchPerWorker = conv.scratchFloats();
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
    plan.macs = saturatingProduct(
        {job.depth.out, job.depth.kernel, job.slice.outH, job.slice.outW, job.slice.weightFloats()});
    const std::int64_t outputs = job.depth.out * job.slice.outputFloats();
    if (job.volume)
        planMemory<Convolution3D>(plan, job, outputs, job.slice.outC);
    else
        planMemory<math::Convolution>(plan, job, outputs, job.slice.outC);
}

std::unique_ptr<Layer> makeConvolution(const ConvolutionJob& job) {
    if (job.volume) return std::make_unique<ConvolutionLayer<Convolution3D>>(job);
    return std::make_unique<ConvolutionLayer<math::Convolution>>(job);
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
}

} // namespace strata
