// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/activation_param.h"
#include "engine/layers/convolution_layer.h"
#include "engine/math/elementwise.h"
#include "engine/math/reductions.h"

namespace strata {
namespace {

template <class Conv>
class TransposedConvolution final : public Layer {
public:
    TransposedConvolution(Conv conv, const ConvolutionJob& job)
        : m_conv(std::move(conv))
        , m_channels(job.slice.inC)
        , m_rows(job.depth.in * job.slice.inH * job.slice.inW)
        , m_activation(job.activation, m_rows * m_channels, m_channels)
        , m_bias(job.bias) {}

    void forward(const Pass& pass) override {
        const float* w = pass.weights[0];
        m_conv.prepareBackward(w, pass.sharedScratch, *pass.workers);
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int worker) {
            const ChunkRange r = pass.samplesOf(chunk);
            float* const sums = m_activation.sums(pass, r.first);
            m_conv.backwardInput(r.size, pass.inputs[0].sample(r.first), w, pass.sharedScratch, sums,
                                 pass.scratchOf(worker));
            const std::int64_t count = r.size * m_rows * m_channels;
            if (m_bias)
                math::addBias(r.size * m_rows, m_channels, sums, pass.weights[1], sums,
                              m_activation.isRelu());
            else if (m_activation.isRelu())
                math::activate(math::Activation::Relu, count / m_channels, m_channels, sums, sums);
            m_activation.forward(pass, r.first, r.size);
        });
    }

    void backward(const Pass& pass) override {
        const float* w = pass.weights[0];
        const bool wantsInput = pass.inputGrads[0].data != nullptr;
        if (wantsInput) m_conv.prepareForward(w, pass.sharedScratch, *pass.workers);
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int worker) {
            const ChunkRange r = pass.samplesOf(chunk);
            m_activation.backward(pass, r.first, r.size);
            if (!wantsInput) return;
            m_conv.forward(r.size, pass.outputGrad.sample(r.first), w, pass.sharedScratch, nullptr,
                           pass.inputGrads[0].sample(r.first), pass.scratchOf(worker));
        });
        if (pass.weightGrads[0] == nullptr) return;
        m_conv.backwardWeights(pass.batch, pass.outputGrad.data, pass.inputs[0].data, pass.weightGrads[0],
                               nullptr, pass.chunkScratch, pass.workerScratch, *pass.workers);
        if (m_bias) biasGradient(pass);
    }

private:
    void biasGradient(const Pass& pass) const {
        pass.workers->run(pass.chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = pass.samplesOf(chunk);
            math::columnSums(r.size * m_rows, m_channels, pass.outputGrad.sample(r.first),
                             pass.chunkScratch + chunk * m_channels);
        });
        math::reduceParts(pass.chunks, m_channels, pass.chunkScratch, pass.weightGrads[1]);
    }

    Conv m_conv;
    std::int64_t m_channels; ///< of the output
    std::int64_t m_rows;     ///< a sample's cells of the output
    OutputActivation m_activation;
    bool m_bias;
};

} // namespace

std::unique_ptr<Layer> makeTransposedConvolution(const ConvolutionJob& job) {
    if (job.volume)
        return std::make_unique<TransposedConvolution<Convolution3D>>(Convolution3D(job.slice, job.depth),
                                                                      job);
    return std::make_unique<TransposedConvolution<math::Convolution>>(math::Convolution(job.slice), job);
}

} // namespace strata
