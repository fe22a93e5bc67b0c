// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/workers.h"
#include "engine/math/conv_strategy.h"
#include "engine/math/kernels/table.h"

#include <algorithm>
#include <cstring>

namespace strata::math {
namespace {

/// Writes the inputs of a tile of outputs out as a matrix (outputs, kernelH*kernelW*inC), so that one product
/// has many rows. A tile's matrix stays in the cache; the products are our own kernels', the sums in the order of the
/// direct algorithm. Never chosen by itself: it is there to be forced (STRATA_CONV=im2col), as the plain way that the
/// others are checked and measured against.
class Im2colConv final : public ConvStrategy {
public:
    explicit Im2colConv(const ConvGeometry& g)
        : ConvStrategy(g)
        , m_depth(g.kernelH * g.kernelW * g.inC)
        , m_pixels(g.outH * g.outW)
        , m_tile(std::clamp<std::int64_t>(kTileFloats / m_depth, 1, m_pixels)) {}

    ConvAlgorithm algorithm() const override { return ConvAlgorithm::Im2col; }
    std::int64_t forwardPreparedFloats() const override { return 0; }
    ConvFusible fuses() const override { return {.addToInput = true}; }
    std::int64_t backwardPreparedFloats() const override { return geometry().weightFloats(); }
    std::int64_t scratchFloats() const override { return m_tile * m_depth; }

    void prepareForward(const float*, float*, Workers&) const override {}
    /// (outC, taps*inC)
    void prepareBackward(const float* w, float* prepared, Workers& workers) const override {
        constexpr std::int64_t kRows = 64;
        workers.run((m_depth + kRows - 1) / kRows, [&](std::int64_t task, int) {
            const std::int64_t first = task * kRows;
            kernels().transpose(std::min(kRows, m_depth - first), geometry().outC,
                                w + first * geometry().outC, geometry().outC, prepared + first, m_depth);
        });
    }

    void forward(std::int64_t samples, const float* x, const float* w, const float*, const float* bias,
                 float* y, float* scratch, const ConvFusion& fusion) const override {
        const std::int64_t co = geometry().outC;
        for (std::int64_t s = 0; s < samples; ++s) {
            for (std::int64_t first = 0; first < m_pixels; first += m_tile) {
                const std::int64_t count = std::min(m_tile, m_pixels - first);
                writeColumns(x + s * geometry().inputFloats(), first, count, scratch);
                Product p{};
                p.rows = count;
                p.columns = co;
                p.segments = 1;
                p.aRow = m_depth;
                p.aStep = 1;
                p.bRow = co;
                p.c = y + s * geometry().outputFloats() + first * co;
                p.cRow = co;
                for (std::int64_t k = 0; k < m_depth; k += kSteps) {
                    p.steps = std::min(kSteps, m_depth - k);
                    p.a = scratch + k;
                    p.b = w + k * co;
                    p.bias = k == 0 ? bias : nullptr;
                    p.accumulate = k > 0;
                    p.relu = fusion.relu && k + kSteps >= m_depth;
                    kernels().product(p);
                }
            }
        }
    }

    void backward(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx, float* dw,
                  float* scratch, const ConvFusion& fusion) const override {
        if (dx != nullptr) inputGradients(samples, dy, prepared, dx, fusion.addToInput, scratch);
        if (dw != nullptr) weightGradients(samples, x, dy, dw, scratch);
    }

private:
    static constexpr std::int64_t kTileFloats = 96 * 1024;
    static constexpr std::int64_t kSteps = 256;

    void inputGradients(std::int64_t samples, const float* dy, const float* prepared, float* dx, bool add,
                        float* scratch) const {
        const std::int64_t co = geometry().outC;
        if (!add) std::fill_n(dx, samples * geometry().inputFloats(), 0.0F);
        for (std::int64_t s = 0; s < samples; ++s) {
            for (std::int64_t first = 0; first < m_pixels; first += m_tile) {
                const std::int64_t count = std::min(m_tile, m_pixels - first);
                Product p{};
                p.rows = count;
                p.columns = m_depth;
                p.segments = 1;
                p.aRow = co;
                p.aStep = 1;
                p.bRow = m_depth;
                p.c = scratch;
                p.cRow = m_depth;
                for (std::int64_t k = 0; k < co; k += kSteps) {
                    p.steps = std::min(kSteps, co - k);
                    p.a = dy + s * geometry().outputFloats() + first * co + k;
                    p.b = prepared + k * m_depth;
                    p.accumulate = k > 0;
                    kernels().product(p);
                }
                addColumns(scratch, first, count, dx + s * geometry().inputFloats());
            }
        }
    }

    void weightGradients(std::int64_t samples, const float* x, const float* dy, float* dw, float* scratch) const {
        const std::int64_t co = geometry().outC;
        for (std::int64_t s = 0; s < samples; ++s) {
            for (std::int64_t first = 0; first < m_pixels; first += m_tile) {
                writeColumns(x + s * geometry().inputFloats(), first, std::min(m_tile, m_pixels - first),
                             scratch);
                Product p{};
                p.rows = m_depth;
                p.columns = co;
                p.segments = 1;
                p.steps = std::min(m_tile, m_pixels - first);
                p.a = scratch;
                p.aRow = 1;
                p.aStep = m_depth;
                p.b = dy + s * geometry().outputFloats() + first * co;
                p.bRow = co;
                p.c = dw;
                p.cRow = co;
                p.accumulate = s > 0 || first > 0;
                kernels().product(p);
            }
        }
        if (samples == 0) std::fill_n(dw, geometry().weightFloats(), 0.0F);
    }

    /// Calls f(input offset, column, floats) for each run of adjacent real cells of an output's window, and
    /// zero(column, floats) for each run outside the image.
    template <class F, class Zero>
    void forWindow(std::int64_t pixel, F f, Zero zero) const {
        const ConvGeometry& g = geometry();
        const std::int64_t top = pixel / g.outW * g.strideH - g.padTop;
        const std::int64_t left = pixel % g.outW * g.strideW - g.padLeft;
        std::int64_t column = 0;
        for (std::int64_t kh = 0; kh < g.kernelH; ++kh) {
            const std::int64_t ih = top + kh * g.dilationH;
            for (std::int64_t kw = 0; kw < g.kernelW; ++kw, column += g.inC) {
                const std::int64_t iw = left + kw * g.dilationW;
                if (ih < 0 || ih >= g.inH || iw < 0 || iw >= g.inW) {
                    zero(column, g.inC);
                } else {
                    f((ih * g.inW + iw) * g.inC, column, g.inC);
                }
            }
        }
    }

    void writeColumns(const float* x, std::int64_t first, std::int64_t count, float* columns) const {
        for (std::int64_t i = 0; i < count; ++i, columns += m_depth) {
            forWindow(
                first + i,
                [&](std::int64_t from, std::int64_t to, std::int64_t n) {
                    std::memcpy(columns + to, x + from, static_cast<std::size_t>(n) * sizeof(float));
                },
                [&](std::int64_t to, std::int64_t n) {
                    std::memset(columns + to, 0, static_cast<std::size_t>(n) * sizeof(float));
                });
        }
    }

    void addColumns(const float* columns, std::int64_t first, std::int64_t count, float* dx) const {
        const CellKernels& cells = *kernels().cells;
        for (std::int64_t i = 0; i < count; ++i, columns += m_depth) {
            forWindow(
                first + i,
                [&](std::int64_t to, std::int64_t from, std::int64_t n) {
                    cells.add(n, dx + to, columns + from, dx + to);
                },
                [](std::int64_t, std::int64_t) {});
        }
    }

    std::int64_t m_depth;  // floats of one row of the column matrix
    std::int64_t m_pixels; // outputs of a sample
    std::int64_t m_tile;   // outputs of a tile
};

} // namespace

std::unique_ptr<const ConvStrategy> makeIm2colConv(const ConvGeometry& g) {
    if (g.groups != 1) return nullptr;
    return std::make_unique<Im2colConv>(g);
}

} // namespace strata::math
