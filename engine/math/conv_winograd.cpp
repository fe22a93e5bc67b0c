// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/workers.h"
#include "engine/math/conv_strategy.h"
#include "engine/math/kernels/table.h"

#include <algorithm>
#include <cstring>

namespace strata::math {
namespace {

/// Tiles that are transformed and multiplied together: enough to make use of the weights while they pass, few
/// enough to stay near the L2 cache. A multiple of the row blocks of the product kernel.
constexpr std::int64_t kTiles = 48;

/// The tiles of a run of samples, numbered sample by sample, row by row. Tile (i, j) makes the tile x tile
/// outputs from (i*tile, j*tile), out of the side x side inputs from (i*tile - top, j*tile - left).
struct Tiling {
    std::int64_t tile = 0;
    std::int64_t inH = 0, inW = 0, outH = 0, outW = 0, top = 0, left = 0;

    std::int64_t rows() const { return (outH + tile - 1) / tile; }
    std::int64_t columns() const { return (outW + tile - 1) / tile; }
    std::int64_t perSample() const { return rows() * columns(); }
};

struct TilePlace {
    std::int64_t sample, row, column; ///< row and column of its first output
};

TilePlace placeOf(const Tiling& t, std::int64_t index) {
    const std::int64_t inSample = index % t.perSample();
    return {index / t.perSample(), inSample / t.columns() * t.tile, inSample % t.columns() * t.tile};
}

/// Planes are never a power of two apart: their cells would meet in the same set of the cache.
std::int64_t planeFloats(std::int64_t rows, std::int64_t channels) {
    return (rows * channels + 15) / 16 * 16 + 16;
}

/// F(tile x tile, kernel x kernel). The three passes are products of the transformed tiles, one for each of
/// their side^2 points, side = tile + kernel - 1: y: V U; dx: the same with dy and the flipped kernel; dw:
/// V^T Z. A tile's result does not depend on its neighbours in the block. Transformed inputs are computed
/// again in the backward pass rather than kept.
class WinogradConv final : public ConvStrategy {
public:
    /// requires: kernel 3 or 5, tile 2; or kernel 3, tile 4
    WinogradConv(const ConvGeometry& g, std::int64_t tile)
        : ConvStrategy(g)
        , m_tile(tile)
        , m_kernel(g.kernelH)
        , m_side(tile + g.kernelH - 1)
        , m_points(m_side * m_side)
        , m_forward{tile, g.inH, g.inW, g.outH, g.outW, g.padTop, g.padLeft}
        , m_backward{tile, g.outH, g.outW, g.inH, g.inW, g.kernelH - 1 - g.padTop, g.kernelW - 1 - g.padLeft}
        , m_weightPlane(planeFloats(g.inC, g.outC)) {}

    ConvAlgorithm algorithm() const override {
        return m_side == 4 ? ConvAlgorithm::WinogradF2 : ConvAlgorithm::WinogradF4;
    }
    std::int64_t forwardPreparedFloats() const override { return m_points * m_weightPlane; }
    std::int64_t backwardPreparedFloats() const override { return m_points * m_weightPlane; }
    std::int64_t scratchFloats() const override { return tilesFloats() + m_points * m_weightPlane; }

    void prepareForward(const float* w, float* prepared, Workers& workers) const override {
        const std::int64_t row = geometry().outC;
        workers.run(geometry().inC, [&](std::int64_t c, int) {
            transforms().weights(w + c * row, geometry().inC * row, row, prepared + c * row, m_weightPlane);
        });
    }

    /// u(point, co, ci) of the kernel turned by half a circle.
    void prepareBackward(const float* w, float* prepared, Workers& workers) const override {
        const std::int64_t ci = geometry().inC;
        const std::int64_t co = geometry().outC;
        workers.run((co + kBlock - 1) / kBlock, [&](std::int64_t task, int) {
            alignas(64) float turned[kMostTaps * kBlock * kBlock];
            const std::int64_t firstOut = task * kBlock;
            const std::int64_t outs = std::min(kBlock, co - firstOut);
            for (std::int64_t firstIn = 0; firstIn < ci; firstIn += kBlock) {
                const std::int64_t ins = std::min(kBlock, ci - firstIn);
                const std::int64_t taps = m_kernel * m_kernel;
                for (std::int64_t tap = 0; tap < taps; ++tap) {
                    kernels().transpose(ins, outs, w + ((taps - 1 - tap) * ci + firstIn) * co + firstOut, co,
                                        turned + tap * kBlock * kBlock, kBlock);
                }
                for (std::int64_t o = 0; o < outs; ++o) {
                    transforms().weights(turned + o * kBlock, kBlock * kBlock, ins,
                                         prepared + (firstOut + o) * ci + firstIn, m_weightPlane);
                }
            }
        });
    }

    void forward(std::int64_t samples, const float* x, const float*, const float* prepared, const float* bias,
                 float* y, float* scratch, ConvEpilogue epilogue) const override {
        correlate(m_forward, samples, x, geometry().inC, prepared, bias, y, geometry().outC, scratch,
                  epilogue);
    }

    void backwardInput(std::int64_t samples, const float* dy, const float* prepared, float* dx,
                       float* scratch) const override {
        correlate(m_backward, samples, dy, geometry().outC, prepared, nullptr, dx, geometry().inC, scratch,
                  {});
    }

    void backwardWeights(std::int64_t samples, const float* x, const float* dy, float* dw,
                         float* scratch) const override {
        const std::int64_t ci = geometry().inC;
        const std::int64_t co = geometry().outC;
        const std::int64_t total = samples * m_forward.perSample();
        if (total == 0) {
            std::fill_n(dw, geometry().weightFloats(), 0.0F);
            return;
        }
        float* sums = scratch; // (points, ci, co)
        float* const tiles = scratch + m_points * m_weightPlane;
        const std::int64_t inPlane = planeFloats(kTiles, ci);
        const std::int64_t outPlane = planeFloats(kTiles, co);
        float* inputs = tiles;                         // (points, tiles, ci)
        float* gradients = tiles + m_points * inPlane; // (points, tiles, co)
        for (std::int64_t first = 0; first < total; first += kTiles) {
            const std::int64_t count = std::min(kTiles, total - first);
            for (std::int64_t i = 0; i < count; ++i) {
                inputTile(m_forward, placeOf(m_forward, first + i), x, ci, inputs + i * ci, inPlane, tiles);
                gradientTile(placeOf(m_forward, first + i), dy, gradients + i * co, outPlane);
            }
            Product p = gradientProduct(count, first > 0);
            for (std::int64_t point = 0; point < m_points; ++point) {
                p.a = inputs + point * inPlane;
                p.b = gradients + point * outPlane;
                p.c = sums + point * m_weightPlane;
                kernels().product(p);
            }
        }
        transforms().weightGradient(sums, m_weightPlane, ci * co, dw, ci * co);
    }

    /// Partial sums of large weights would take more memory, and more traffic, than the transformed tiles.
    std::int64_t splitWorkspaceFloats() const override {
        if (geometry().weightFloats() < kLargeWeights) return 0;
        return m_points * (m_weightPlane + planeFloats(kSplitTiles, geometry().inC) +
                           planeFloats(kSplitTiles, geometry().outC));
    }

    /// Many tiles are transformed side by side, then the points multiplied side by side; each point's sums
    /// take the tiles in order, whoever computes them.
    void backwardWeightsSplit(std::int64_t samples, const float* x, const float* dy, float* dw,
                              float* workspace, float* scratch, std::int64_t scratchStride,
                              Workers& workers) const override {
        constexpr std::int64_t kRun = 8; // tiles of a task
        const std::int64_t ci = geometry().inC;
        const std::int64_t co = geometry().outC;
        const std::int64_t total = samples * m_forward.perSample();
        const std::int64_t inPlane = planeFloats(kSplitTiles, ci);
        const std::int64_t outPlane = planeFloats(kSplitTiles, co);
        float* sums = workspace;                         // (points, ci, co)
        float* inputs = sums + m_points * m_weightPlane; // (points, tiles, ci)
        float* gradients = inputs + m_points * inPlane;  // (points, tiles, co)
        for (std::int64_t first = 0; first < total; first += kSplitTiles) {
            const std::int64_t count = std::min(kSplitTiles, total - first);
            workers.run((count + kRun - 1) / kRun, [&](std::int64_t run, int worker) {
                for (std::int64_t i = run * kRun; i < std::min(count, (run + 1) * kRun); ++i) {
                    const TilePlace place = placeOf(m_forward, first + i);
                    inputTile(m_forward, place, x, ci, inputs + i * ci, inPlane,
                              scratch + worker * scratchStride);
                    gradientTile(place, dy, gradients + i * co, outPlane);
                }
            });
            workers.run(m_points, [&](std::int64_t point, int) {
                Product p = gradientProduct(count, first > 0);
                p.a = inputs + point * inPlane;
                p.b = gradients + point * outPlane;
                p.c = sums + point * m_weightPlane;
                kernels().product(p);
            });
        }
        workers.run(ci, [&](std::int64_t c, int) {
            transforms().weightGradient(sums + c * co, m_weightPlane, co, dw + c * co, ci * co);
        });
    }

private:
    static constexpr std::int64_t kBlock = 32;
    static constexpr std::int64_t kMostTaps = 25;
    static constexpr std::int64_t kSplitTiles = 128;
    static constexpr std::int64_t kLargeWeights = 64 * 1024; // floats

    const WinogradKernels& transforms() const {
        if (m_kernel == 5) return *kernels().winograd2x5;
        return *(m_tile == 2 ? kernels().winograd2x3 : kernels().winograd4x3);
    }

    /// A tile's own pixels where it reaches over the border, then inputs and outputs of a block.
    std::int64_t borderFloats() const {
        return (m_points * std::max(geometry().inC, geometry().outC) + 15) / 16 * 16;
    }
    std::int64_t tilesFloats() const {
        return m_points * (planeFloats(kTiles, geometry().inC) + planeFloats(kTiles, geometry().outC)) +
               borderFloats();
    }
    float* borderOf(float* tiles) const { return tiles + tilesFloats() - borderFloats(); }

    void inputTile(const Tiling& t, const TilePlace& place, const float* x, std::int64_t channels, float* v,
                   std::int64_t plane, float* tiles) const {
        const std::int64_t top = place.row - t.top;
        const std::int64_t left = place.column - t.left;
        const float* image = x + place.sample * t.inH * t.inW * channels;
        if (top >= 0 && left >= 0 && top + m_side <= t.inH && left + m_side <= t.inW) {
            transforms().input(image + (top * t.inW + left) * channels, t.inW * channels, channels, channels,
                               v, plane);
            return;
        }
        float* border = borderOf(tiles);
        std::memset(border, 0, static_cast<std::size_t>(m_points * channels) * sizeof(float));
        const std::int64_t firstColumn = std::max<std::int64_t>(left, 0);
        const std::int64_t endColumn = std::min(left + m_side, t.inW);
        for (std::int64_t row = std::max<std::int64_t>(top, 0); row < std::min(top + m_side, t.inH); ++row) {
            if (endColumn <= firstColumn) break;
            std::memcpy(border + ((row - top) * m_side + firstColumn - left) * channels,
                        image + (row * t.inW + firstColumn) * channels,
                        static_cast<std::size_t>((endColumn - firstColumn) * channels) * sizeof(float));
        }
        transforms().input(border, m_side * channels, channels, channels, v, plane);
    }

    Product gradientProduct(std::int64_t tiles, bool accumulate) const {
        Product p{};
        p.rows = geometry().inC;
        p.columns = geometry().outC;
        p.steps = tiles;
        p.segments = 1;
        p.aRow = 1;
        p.aStep = geometry().inC;
        p.bRow = geometry().outC;
        p.cRow = geometry().outC;
        p.accumulate = accumulate;
        return p;
    }

    void gradientTile(const TilePlace& place, const float* dy, float* z, std::int64_t plane) const {
        const ConvGeometry& g = geometry();
        transforms().gradient(
            dy + place.sample * g.outputFloats() + (place.row * g.outW + place.column) * g.outC,
            g.outW * g.outC, g.outC, g.outC, g.outH - place.row, g.outW - place.column, z, plane);
    }

    void correlate(const Tiling& t, std::int64_t samples, const float* x, std::int64_t inC,
                   const float* weights, const float* bias, float* y, std::int64_t outC, float* scratch,
                   ConvEpilogue epilogue) const {
        const std::int64_t total = samples * t.perSample();
        const std::int64_t inPlane = planeFloats(kTiles, inC);
        const std::int64_t outPlane = planeFloats(kTiles, outC);
        float* inputs = scratch;                       // (points, tiles, inC)
        float* outputs = scratch + m_points * inPlane; // (points, tiles, outC)
        for (std::int64_t first = 0; first < total; first += kTiles) {
            const std::int64_t count = std::min(kTiles, total - first);
            for (std::int64_t i = 0; i < count; ++i) {
                inputTile(t, placeOf(t, first + i), x, inC, inputs + i * inC, inPlane, scratch);
            }
            Product p{};
            p.rows = count;
            p.columns = outC;
            p.steps = inC;
            p.segments = 1;
            p.aRow = inC;
            p.aStep = 1;
            p.bRow = outC;
            p.cRow = outC;
            for (std::int64_t point = 0; point < m_points; ++point) {
                p.a = inputs + point * inPlane;
                p.b = weights + point * m_weightPlane;
                p.c = outputs + point * outPlane;
                kernels().product(p);
            }
            for (std::int64_t i = 0; i < count; ++i) {
                const TilePlace place = placeOf(t, first + i);
                transforms().output(outputs + i * outC, outPlane, outC, bias, epilogue.relu,
                                    y + ((place.sample * t.outH + place.row) * t.outW + place.column) * outC,
                                    t.outW * outC, outC, t.outH - place.row, t.outW - place.column);
            }
        }
    }

    std::int64_t m_tile, m_kernel, m_side, m_points;
    Tiling m_forward, m_backward;
    std::int64_t m_weightPlane;
};

} // namespace

std::unique_ptr<const ConvStrategy> makeWinogradConv(const ConvGeometry& g, std::int64_t side) {
    const std::int64_t tile = winogradTile(g, side);
    if (tile == 0) return nullptr;
    return std::make_unique<WinogradConv>(g, tile);
}

std::int64_t winogradTile(const ConvGeometry& g, std::int64_t side) {
    const bool applies = g.kernelH == g.kernelW && g.strideH == 1 && g.strideW == 1 && g.dilationH == 1 &&
                         g.dilationW == 1 && g.groups == 1;
    if (!applies) return 0;
    if (g.kernelH == 3) return side - 2;
    return g.kernelH == 5 && side == 6 ? 2 : 0;
}

} // namespace strata::math
