// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/workers.h"
#include "engine/math/conv_strategy.h"
#include "engine/math/kernels/table.h"
#include "engine/math/padded_image.h"
#include "engine/math/winograd_tiling.h"

#include <algorithm>

namespace strata::math {
namespace {

/// Tiles that are transformed and multiplied together: enough to make use of the weights while they pass, few
/// enough to stay in the L2 cache. A multiple of the row blocks of the product kernel; fewer where the planes are so
/// small that calls would cost more than work, more where the weights alone fill that cache.
std::int64_t tilesTogether(const ConvGeometry& g) {
    if (g.inC <= 16 && g.outC <= 16) return 24;
    return g.inC * g.outC >= 192 * 192 ? 64 : 36;
}

/// Columns of a panel of transformed weights.
constexpr std::int64_t kWeightPanel = 32;
/// Weights that a first cache does not hold are read in order if they lie in panels (rows, kWeightPanel) of columns:
/// the processor fetches ahead of the products.
bool weightsInPanels(const ConvGeometry& g) {
    return g.inC % kWeightPanel == 0 && g.outC % kWeightPanel == 0 && g.inC * g.outC >= 64 * 128;
}

/// Transformed tiles begin on cache lines and are whole vectors, so that the products need no masks. Neither they nor
/// their planes are a large power of two apart: their cells would meet in the same sets of the cache.
std::int64_t rowFloats(std::int64_t channels) {
    return aligned(channels) % 128 == 0 ? aligned(channels) + 16 : aligned(channels);
}
std::int64_t planeFloats(std::int64_t rows, std::int64_t channels) {
    return rows * rowFloats(channels) + 16;
}

/// F(tile x tile, kernel x kernel), side = tile + kernel - 1. With V, Z the transformed tiles of x and dy and U those
/// of the weights, for each of the side^2 points: y from V U; dw from V^T Z; dx from Z U^T. All three share the
/// tiles of the outputs, so that both gradients share Z. A tile's result does not depend on its neighbours in the
/// block. Transformed inputs are computed again in the backward pass rather than kept.
class WinogradConv final : public ConvStrategy {
public:
    /// requires: kernel 3 or 5, tile 2; or kernel 3, tile 4
    WinogradConv(const ConvGeometry& g, std::int64_t tile, PixelFloats pixels)
        : ConvStrategy(g)
        , m_pixels(pixels)
        , m_tile(tile)
        , m_kernel(g.kernelH)
        , m_side(tile + g.kernelH - 1)
        , m_points(m_side * m_side)
        , m_tiles(tilesTogether(g))
        , m_in(rowFloats(g.inC))
        , m_out(rowFloats(g.outC))
        , m_tiling{tile, g.outH, g.outW}
        , m_panels(weightsInPanels(g))
        , m_weightPlane(std::max(planeFloats(g.inC, g.outC), planeFloats(g.outC, g.inC)))
        , m_window{g.inH,
                   g.inW,
                   g.inC,
                   -g.padTop,
                   -g.padLeft,
                   m_tiling.rows() * tile + g.kernelH - 1,
                   m_tiling.columns() * tile + g.kernelW - 1,
                   pixels.in} {}

    ConvAlgorithm algorithm() const override {
        return m_side == 4 ? ConvAlgorithm::WinogradF2 : ConvAlgorithm::WinogradF4;
    }
    ConvFusible fuses() const override {
        const bool all = m_pixels.in == geometry().inC && m_pixels.out == geometry().outC;
        return {.input = all, .gradient = all, .addToInput = true};
    }
    std::int64_t forwardPreparedFloats() const override { return m_points * m_weightPlane; }
    std::int64_t backwardPreparedFloats() const override { return m_points * m_weightPlane; }
    std::int64_t scratchFloats() const override {
        return m_points * (inPlane(m_tiles) + outPlane(m_tiles) + m_weightPlane) + 2 * aligned(bandFloats());
    }

    void prepareForward(const float* w, float* prepared, Workers& workers) const override {
        // Panel by panel: each plane is written in its order.
        const std::int64_t ci = geometry().inC;
        const std::int64_t co = geometry().outC;
        const std::int64_t width = m_panels ? kWeightPanel : co;
        const std::int64_t parts = (ci + kBlock - 1) / kBlock;
        workers.run(co / width * parts, [&](std::int64_t task, int) {
            const std::int64_t o = task / parts * width;
            const std::int64_t first = task % parts * kBlock;
            for (std::int64_t c = first; c < std::min(first + kBlock, ci); ++c) {
                transforms().weights(w + c * m_pixels.out + o, tapFloats(), width, prepared + weightRow(c, o, ci, co), m_weightPlane);
            }
        });
    }

    /// U^T: (point, co, ci)
    void prepareBackward(const float* w, float* prepared, Workers& workers) const override {
        const std::int64_t ci = geometry().inC;
        const std::int64_t co = geometry().outC;
        workers.run((co + kBlock - 1) / kBlock, [&](std::int64_t task, int) {
            alignas(64) float turned[kMostTaps * kBlock * kBlock];
            const std::int64_t firstOut = task * kBlock;
            const std::int64_t outs = std::min(kBlock, co - firstOut);
            for (std::int64_t firstIn = 0; firstIn < ci; firstIn += kBlock) {
                const std::int64_t ins = std::min(kBlock, ci - firstIn);
                for (std::int64_t tap = 0; tap < m_kernel * m_kernel; ++tap) {
                    kernels().transpose(ins, outs, w + tap * tapFloats() + firstIn * m_pixels.out + firstOut, m_pixels.out,
                                        turned + tap * kBlock * kBlock, kBlock);
                }
                for (std::int64_t o = 0; o < outs; ++o) {
                    transforms().weights(turned + o * kBlock, kBlock * kBlock, ins,
                                         prepared + weightRow(firstOut + o, firstIn, co, ci), m_weightPlane);
                }
            }
        });
    }

    void forward(std::int64_t samples, const float* x, const float*, const float* prepared, const float* bias,
                 float* y, float* scratch, const ConvFusion& fusion) const override {
        const Scratch s = parts(scratch);
        const std::int64_t total = samples * m_tiling.perSample();
        for (std::int64_t first = 0; first < total; first += m_tiles) {
            const std::int64_t count = std::min(m_tiles, total - first);
            transformInputs(first, count, x, fusion.input, s.inputs, inPlane(m_tiles), s.band);
            Product p = product(count, geometry().outC, geometry().inC, m_in, 1);
            multiplyWeights(p, m_points, s.inputs, inPlane(m_tiles), prepared, s.outputs, outPlane(m_tiles));
            forEachRun(m_tiling, first, count, [&](const WinogradRun& run) {
                transforms().output(outputTiles(run), s.outputs + run.first * m_out, outPlane(m_tiles),
                                    bias, fusion.relu, y + outputOf(run));
            });
        }
    }

    void backward(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx, float* dw,
                  float* scratch, const ConvFusion& fusion) const override {
        const std::int64_t total = samples * m_tiling.perSample();
        if (total == 0) {
            if (dw != nullptr) std::fill_n(dw, m_kernel * m_kernel * tapFloats(), 0.0F);
            return;
        }
        const Scratch s = parts(scratch);
        for (std::int64_t first = 0; first < total; first += m_tiles) {
            const std::int64_t count = std::min(m_tiles, total - first);
            transformGradients(first, count, dy, fusion.gradient, s.outputs, outPlane(m_tiles));
            if (dw != nullptr) {
                transformInputs(first, count, x, fusion.input, s.inputs, inPlane(m_tiles), s.band);
                addSums(m_points, count, s.inputs, inPlane(m_tiles), s.outputs, outPlane(m_tiles), first > 0, s.sums);
            }
            if (dx != nullptr) { // the transformed inputs have done their work: their place holds those of dx
                Product p = product(count, geometry().inC, geometry().outC, m_out, 1);
                multiplyWeights(p, m_points, s.outputs, outPlane(m_tiles), prepared, s.inputs, inPlane(m_tiles));
                addInputGradients(first, count, s.inputs, inPlane(m_tiles), dx, fusion.addToInput, s.gradientBand);
            }
        }
        for (std::int64_t c = 0; dw != nullptr && c < geometry().inC; ++c)
            weightGradientOf(c, s.sums, dw);
    }

    /// Partial sums of large weights would take more memory, and more traffic, than the transformed tiles.
    std::int64_t splitWorkspaceFloats() const override {
        if (geometry().weightFloats() < kLargeWeights || m_tiling.perSample() > kMostSplitTiles) return 0;
        return m_points * (m_weightPlane + inPlane(splitTiles()) + outPlane(splitTiles()));
    }

    /// The tiles of several samples are transformed side by side, then the points multiplied side by side; each
    /// point's sums take the tiles in order, whoever computes them.
    void backwardSplit(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx,
                       float* dw, float* workspace, float* scratch, std::int64_t scratchStride,
                       Workers& workers, const ConvFusion& fusion) const override {
        const std::int64_t ci = geometry().inC;
        const std::int64_t co = geometry().outC;
        const std::int64_t perSample = m_tiling.perSample();
        const std::int64_t together = splitTiles() / perSample; // samples
        const std::int64_t ins = inPlane(splitTiles());
        const std::int64_t outs = outPlane(splitTiles());
        float* const sums = workspace;                         // as addSums() lays them out
        float* const inputs = sums + m_points * m_weightPlane; // (points, tiles, ci)
        float* const gradients = inputs + m_points * ins;      // (points, tiles, co)
        for (std::int64_t first = 0; first < samples; first += together) {
            const std::int64_t count = std::min(together, samples - first);
            workers.run(count, [&](std::int64_t sample, int worker) {
                const std::int64_t tile = sample * perSample;
                transformGradients(first * perSample + tile, perSample, dy, fusion.gradient, gradients + tile * m_out, outs);
                if (dw != nullptr)
                    transformInputs(first * perSample + tile, perSample, x, fusion.input, inputs + tile * m_in, ins,
                                    parts(scratch + worker * scratchStride).band);
            });
            workers.run(m_points, [&](std::int64_t point, int) {
                if (dw != nullptr) {
                    addSums(1, count * perSample, inputs + point * ins, ins, gradients + point * outs, outs, first > 0,
                            sums + point * m_weightPlane);
                }
                if (dx == nullptr) return;
                Product p = product(count * perSample, ci, co, m_out, 1);
                multiplyWeights(p, 1, gradients + point * outs, outs, prepared + point * m_weightPlane, inputs + point * ins, ins);
            });
            if (dx == nullptr) continue;
            workers.run(count, [&](std::int64_t sample, int worker) {
                const std::int64_t tile = sample * perSample;
                addInputGradients(first * perSample + tile, perSample, inputs + tile * m_in, ins, dx, fusion.addToInput,
                                  parts(scratch + worker * scratchStride).gradientBand);
            });
        }
        if (dw == nullptr) return;
        workers.run(ci, [&](std::int64_t c, int) { weightGradientOf(c, sums, dw); });
    }

private:
    static constexpr std::int64_t kBlock = kWeightPanel;
    static constexpr std::int64_t kPanel = 64;
    static constexpr std::int64_t kMostTaps = 25;
    static constexpr std::int64_t kSplitTiles = 128;
    static constexpr std::int64_t kMostSplitTiles = 512;
    static constexpr std::int64_t kLargeWeights = 64 * 1024; // floats

    /// Whole samples.
    std::int64_t splitTiles() const { return std::max(kSplitTiles, m_tiling.perSample()); }

    struct Scratch {
        float *inputs, *outputs;     ///< (points, tiles, ci), (points, tiles, co)
        float* sums;                 ///< as addSums() lays them out
        float *band, *gradientBand;   ///< the window's rows under one row of tiles, of x and of dx
    };
    Scratch parts(float* scratch) const {
        Scratch s{};
        s.inputs = scratch;
        s.outputs = s.inputs + m_points * inPlane(m_tiles);
        s.sums = s.outputs + m_points * outPlane(m_tiles);
        s.band = s.sums + m_points * m_weightPlane;
        s.gradientBand = s.band + aligned(bandFloats());
        return s;
    }

    const WinogradKernels& transforms() const {
        if (m_kernel == 5) return *kernels().winograd2x5;
        return *(m_tile == 2 ? kernels().winograd2x3 : kernels().winograd4x3);
    }
    std::int64_t inPlane(std::int64_t tiles) const { return planeFloats(tiles, geometry().inC); }
    std::int64_t outPlane(std::int64_t tiles) const { return planeFloats(tiles, geometry().outC); }
    std::int64_t tapFloats() const { return m_pixels.in * m_pixels.out; }
    std::int64_t sampleFloats() const { return geometry().inH * geometry().inW * m_pixels.in; }
    std::int64_t bandFloats() const { return m_side * m_window.windowWidth * geometry().inC; }

    WinogradTiles outputTiles(const WinogradRun& run) const {
        const ConvGeometry& g = geometry();
        return {g.outC, m_pixels.out, g.outW * m_pixels.out, run.count, std::min(m_tile, g.outH - run.row * m_tile),
                std::min(m_tile, g.outW - run.column * m_tile), m_out};
    }
    std::int64_t outputOf(const WinogradRun& run) const {
        const ConvGeometry& g = geometry();
        return ((run.sample * g.outH + run.row * m_tile) * g.outW + run.column * m_tile) * m_pixels.out;
    }

    /// The gradients of input channel c's weights from the sums of all tiles.
    void weightGradientOf(std::int64_t c, const float* sums, float* dw) const {
        const std::int64_t co = geometry().outC;
        for (std::int64_t column = 0; column < co; column += kPanel) {
            const std::int64_t width = std::min(kPanel, co - column);
            transforms().weightGradient(sums + column * geometry().inC + c * aligned(width), m_weightPlane, width,
                                        dw + c * m_pixels.out + column, tapFloats());
        }
    }

    /// sums = V^T Z, or added to it, for adjacent points. They lie point by point in panels (ci, kPanel) of columns: what is
    /// read and written again for every block of tiles passes through the caches in order.
    void addSums(std::int64_t points, std::int64_t tiles, const float* inputs, std::int64_t inputPlane,
                 const float* outputs, std::int64_t outputPlane, bool add, float* sums) const {
        const std::int64_t co = geometry().outC;
        const std::int64_t together = co <= kPanel ? points : 1;
        for (std::int64_t point = 0; point < points; point += together) {
            for (std::int64_t column = 0; column < co; column += kPanel) {
                Product p = product(geometry().inC, std::min(kPanel, co - column), tiles, 1, m_in);
                p.bRow = m_out;
                p.accumulate = add;
                multiply(p, together, inputs + point * inputPlane, inputPlane, outputs + point * outputPlane + column,
                         outputPlane, sums + point * m_weightPlane + column * geometry().inC, m_weightPlane);
            }
        }
    }

    static Product product(std::int64_t rows, std::int64_t columns, std::int64_t steps, std::int64_t aRow,
                           std::int64_t aStep) {
        Product p{};
        p.rows = rows;
        const std::int64_t lanes = kernels().lanes;
        p.columns = (columns + lanes - 1) / lanes * lanes;
        p.steps = steps;
        p.segments = 1;
        p.aRow = aRow;
        p.aStep = aStep;
        p.bRow = rowFloats(columns);
        p.cRow = rowFloats(columns);
        return p;
    }
    /// Where row `row` of transformed weights (rows, columns) has its cells from `column` on, the first of a panel.
    std::int64_t weightRow(std::int64_t row, std::int64_t column, std::int64_t rows, std::int64_t columns) const {
        return m_panels ? column * rows + row * kWeightPanel : row * rowFloats(columns) + column;
    }
    /// c = a times the weights, for adjacent points.
    void multiplyWeights(Product& p, std::int64_t points, const float* a, std::int64_t aPlane, const float* weights,
                         float* c, std::int64_t cPlane) const {
        if (!m_panels) return multiply(p, points, a, aPlane, weights, m_weightPlane, c, cPlane);
        const std::int64_t columns = p.columns;
        p.columns = p.bRow = kWeightPanel;
        for (std::int64_t point = 0; point < points; ++point, a += aPlane, weights += m_weightPlane, c += cPlane) {
            for (std::int64_t column = 0; column < columns; column += kWeightPanel)
                multiply(p, 1, a, 0, weights + weightRow(0, column, p.steps, columns), 0, c + column, 0);
        }
    }
    static void multiply(Product& p, std::int64_t points, const float* a, std::int64_t aPlane, const float* b,
                         std::int64_t bPlane, float* c, std::int64_t cPlane) {
        p.a = a;
        p.b = b;
        p.c = c;
        p.planes = points;
        p.aPlane = aPlane;
        p.bPlane = bPlane;
        p.cPlane = cPlane;
        kernels().product(p);
    }

    /// `band` holds what a block before began with. It stays in the first cache.
    void transformInputs(std::int64_t first, std::int64_t count, const float* x, const ChannelMap& map, float* v,
                         std::int64_t plane, float* band) const {
        const std::int64_t ci = geometry().inC;
        const bool copies = m_window.needsCopy() || !map.isIdentity();
        const std::int64_t pixel = copies ? ci : m_pixels.in;
        const std::int64_t row = (copies ? m_window.windowWidth : m_window.width) * pixel;
        forEachRun(m_tiling, first, count, [&](const WinogradRun& run) {
            const float* sample = x + run.sample * sampleFloats();
            if (copies && run.column == 0) m_window.copyRows(sample, run.row * m_tile, m_side, map, band);
            const float* cells = copies ? band
                                        : sample + ((m_window.top + run.row * m_tile) * m_window.width + m_window.left) * pixel;
            transforms().input({ci, pixel, row, run.count, m_tile, m_tile, m_in}, cells + run.column * m_tile * pixel,
                               v + run.first * m_in, plane);
        });
    }

    void transformGradients(std::int64_t first, std::int64_t count, const float* dy, const GradientMap& map, float* z,
                            std::int64_t plane) const {
        forEachRun(m_tiling, first, count, [&](const WinogradRun& run) {
            float* const to = z + run.first * m_out;
            const std::int64_t at = outputOf(run);
            if (map.isIdentity())
                transforms().gradient(outputTiles(run), dy + at, to, plane);
            else
                transforms().mappedGradient(outputTiles(run), dy + at, map.y + at, map.a, map.b, map.c, to, plane);
        });
    }

    /// Gathers in `band` what the tiles of a row give, and writes or adds the rows that are complete to dx.
    void addInputGradients(std::int64_t first, std::int64_t count, const float* v, std::int64_t plane, float* dx,
                           bool add, float* band) const {
        const std::int64_t ci = geometry().inC;
        const std::int64_t row = m_window.windowWidth * ci;
        const std::int64_t shared = m_side - m_tile; // rows that the next row of tiles adds to
        forEachRun(m_tiling, first, count, [&](const WinogradRun& run) {
            float* const sample = dx + run.sample * sampleFloats();
            if (run.row == 0 && run.column == 0) {
                std::fill_n(band, m_side * row, 0.0F);
                if (!add && !m_window.coversImage()) std::fill_n(sample, sampleFloats(), 0.0F);
            } else if (run.column == 0) {
                std::copy_n(band + m_tile * row, shared * row, band);
                std::fill_n(band + shared * row, m_tile * row, 0.0F);
            }
            transforms().inputGradient({ci, ci, row, run.count, m_tile, m_tile, m_in}, v + run.first * m_in, plane,
                                       band + run.column * m_tile * ci);
            if (run.column + run.count == m_tiling.columns())
                m_window.takeBackRows(band, run.row * m_tile, run.row + 1 == m_tiling.rows() ? m_side : m_tile, add, sample);
        });
    }

    PixelFloats m_pixels;
    std::int64_t m_tile, m_kernel, m_side, m_points;
    std::int64_t m_tiles;
    std::int64_t m_in, m_out; ///< floats from one transformed tile of x, of y, to the next
    WinogradTiling m_tiling;
    bool m_panels; ///< the transformed weights lie in panels (rows, kWeightPanel) of columns
    std::int64_t m_weightPlane;
    PaddedImage m_window;
};

} // namespace

std::unique_ptr<const ConvStrategy> makeWinogradConv(const ConvGeometry& g, std::int64_t side) {
    return makeWinogradConv(g, side, {g.inC, g.outC});
}

std::unique_ptr<const ConvStrategy> makeWinogradConv(const ConvGeometry& g, std::int64_t side, PixelFloats pixels) {
    const std::int64_t tile = winogradTile(g, side);
    if (tile == 0) return nullptr;
    return std::make_unique<WinogradConv>(g, tile, pixels);
}

std::int64_t winogradTile(const ConvGeometry& g, std::int64_t side) {
    const bool applies = g.kernelH == g.kernelW && g.strideH == 1 && g.strideW == 1 && g.dilationH == 1 &&
                         g.dilationW == 1 && g.groups == 1;
    if (!applies) return 0;
    if (g.kernelH == 3) return side - 2;
    return g.kernelH == 5 && side == 6 ? 2 : 0;
}

} // namespace strata::math
