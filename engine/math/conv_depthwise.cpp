// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/workers.h"
#include "engine/math/conv_strategy.h"
#include "engine/math/conv_windows.h"
#include "engine/math/kernels/table.h"

#include <algorithm>
#include <cassert>

namespace strata::math {
namespace {

/// As many groups as channels: nothing to multiply as matrices, so lanes are channels and each tap is one
/// multiply-add. With several outputs a channel (Keras's depth_multiplier) the channels are repeated while
/// the image is copied, and the copies' gradients added.
class DepthwiseConv final : public ConvStrategy {
public:
    explicit DepthwiseConv(const ConvGeometry& g)
        : ConvStrategy(g)
        , m_multiplier(g.outC / g.inC)
        , m_input(forwardWindow(repeated(g)))
        , m_gradient(backwardWindow(g))
        , m_phases(convPhases(g, m_gradient))
        , m_missesInputs(missesInputs(g, m_phases)) {
        for (std::int64_t kh = 0; kh < g.kernelH; ++kh) {
            for (std::int64_t kw = 0; kw < g.kernelW; ++kw) {
                m_cells.push_back(kh * g.dilationH * m_input.rowFloats() + kw * g.dilationW * g.outC);
                m_taps.push_back((kh * g.kernelW + kw) * g.outC);
            }
        }
        for (const ConvPhase& phase : m_phases) {
            std::vector<std::int64_t>& weights = m_phaseWeights.emplace_back();
            for (const std::int64_t tap : phase.taps)
                weights.push_back(tap * g.outC);
        }
    }

    ConvAlgorithm algorithm() const override { return ConvAlgorithm::Direct; }
    std::int64_t forwardPreparedFloats() const override { return 0; }
    std::int64_t backwardPreparedFloats() const override { return geometry().weightFloats(); }
    std::int64_t scratchFloats() const override {
        return repeatedFloats() + std::max(m_input.bufferFloats(), m_gradient.bufferFloats());
    }

    void prepareForward(const float*, float*, Workers&) const override {}
    void prepareBackward(const float* w, float* prepared, Workers&) const override {
        std::copy_n(w, geometry().weightFloats(), prepared);
    }

    void forward(std::int64_t samples, const float* x, const float* w, const float*, const float* bias,
                 float* y, float* scratch, const ConvFusion& fusion) const override {
        const ConvGeometry& g = geometry();
        m_input.clear(scratch + repeatedFloats());
        Depthwise p{};
        p.rows = g.outW;
        p.channels = g.outC;
        p.taps = static_cast<std::int64_t>(m_cells.size());
        p.aRow = g.strideW * g.outC;
        p.aOffsets = m_cells.data();
        p.w = w;
        p.wOffsets = m_taps.data();
        p.cRow = g.outC;
        p.bias = bias;
        p.relu = fusion.relu;
        for (std::int64_t s = 0; s < samples; ++s) {
            const float* cells = place(x + s * g.inputFloats(), scratch);
            for (std::int64_t oh = 0; oh < g.outH; ++oh) {
                p.a = cells + oh * g.strideH * m_input.rowFloats();
                p.c = y + s * g.outputFloats() + oh * g.outW * g.outC;
                kernels().depthwise->forward(p);
            }
        }
    }

    void backward(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx, float* dw,
                  float* scratch, [[maybe_unused]] const ConvFusion& fusion) const override {
        assert(!fusion.addToInput && fusion.gradient.isIdentity());
        if (dx != nullptr) inputGradients(samples, dy, prepared, dx, scratch);
        if (dw != nullptr) weightGradients(samples, x, dy, dw, scratch);
    }

private:
    void inputGradients(std::int64_t samples, const float* dy, const float* prepared, float* dx, float* scratch) const {
        const ConvGeometry& g = geometry();
        m_gradient.clear(scratch + repeatedFloats());
        Depthwise p{};
        p.channels = g.outC;
        p.aRow = g.outC;
        p.w = prepared;
        p.cRow = g.strideW * g.outC;
        for (std::int64_t s = 0; s < samples; ++s) {
            const float* cells = m_gradient.place(dy + s * g.outputFloats(), scratch + repeatedFloats());
            float* to = m_multiplier == 1 ? dx + s * g.inputFloats() : scratch;
            if (m_missesInputs) std::fill_n(to, g.inH * g.inW * g.outC, 0.0F);
            for (std::size_t i = 0; i < m_phases.size(); ++i) {
                const ConvPhase& phase = m_phases[i];
                p.rows = phase.columns;
                p.taps = static_cast<std::int64_t>(phase.taps.size());
                p.aOffsets = phase.gradients.data();
                p.wOffsets = m_phaseWeights[i].data();
                for (std::int64_t row = 0; row < phase.rows; ++row) {
                    p.a = cells + phase.base + row * m_gradient.rowFloats();
                    p.c = to + ((phase.firstRow + row * g.strideH) * g.inW + phase.firstColumn) * g.outC;
                    kernels().depthwise->forward(p);
                }
            }
            if (m_multiplier > 1) addCopies(scratch, dx + s * g.inputFloats());
        }
    }

    void weightGradients(std::int64_t samples, const float* x, const float* dy, float* dw, float* scratch) const {
        const ConvGeometry& g = geometry();
        m_input.clear(scratch + repeatedFloats());
        DepthwiseGradient p{};
        p.rows = g.outW;
        p.segments = g.outH;
        p.channels = g.outC;
        p.taps = static_cast<std::int64_t>(m_cells.size());
        p.aRow = g.strideW * g.outC;
        p.aSegment = g.strideH * m_input.rowFloats();
        p.aOffsets = m_cells.data();
        p.bRow = g.outC;
        p.bSegment = g.outW * g.outC;
        p.dw = dw;
        for (std::int64_t s = 0; s < samples; ++s) {
            p.a = place(x + s * g.inputFloats(), scratch);
            p.b = dy + s * g.outputFloats();
            p.accumulate = s > 0;
            kernels().depthwise->gradient(p);
        }
        if (samples == 0) std::fill_n(dw, g.weightFloats(), 0.0F);
    }

    static ConvGeometry repeated(ConvGeometry g) {
        g.inC = g.outC;
        return g;
    }
    /// An image with the channels repeated, at the start of scratch.
    std::int64_t repeatedFloats() const {
        return m_multiplier == 1 ? 0 : (geometry().inH * geometry().inW * geometry().outC + 15) / 16 * 16;
    }

    const float* place(const float* x, float* scratch) const {
        if (m_multiplier > 1) {
            float* to = scratch;
            for (std::int64_t i = 0; i < geometry().inputFloats(); ++i) {
                for (std::int64_t k = 0; k < m_multiplier; ++k)
                    *to++ = x[i];
            }
            x = scratch;
        }
        return m_input.place(x, scratch + repeatedFloats());
    }

    void addCopies(const float* from, float* dx) const {
        for (std::int64_t i = 0; i < geometry().inputFloats(); ++i) {
            float total = *from++;
            for (std::int64_t k = 1; k < m_multiplier; ++k)
                total += *from++;
            dx[i] = total;
        }
    }

    std::int64_t m_multiplier;
    PaddedImage m_input, m_gradient;
    std::vector<ConvPhase> m_phases;
    bool m_missesInputs;
    std::vector<std::int64_t> m_cells;                     // of each tap, from an output's window
    std::vector<std::int64_t> m_taps;                      // of each tap, in the weights
    std::vector<std::vector<std::int64_t>> m_phaseWeights; // of each phase and tap, in the weights
};

} // namespace

std::unique_ptr<const ConvStrategy> makeDepthwiseConv(const ConvGeometry& g) {
    if (g.groups == 1 || g.groups != g.inC) return nullptr;
    return std::make_unique<DepthwiseConv>(g);
}

} // namespace strata::math
