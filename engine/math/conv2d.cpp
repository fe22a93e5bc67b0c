// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/conv2d.h"

#include "engine/core/workers.h"
#include "engine/math/conv_strategy.h"
#include "engine/math/kernels/table.h"
#include "engine/math/reductions.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cstdlib>
#include <limits>

namespace strata::math {
namespace {

/// Runs of samples for a pass in which every result is a chain of its own, so that the cut may follow the
/// number of workers: a few for each, so that one that was put aside by the system delays little.
std::int64_t runsOf(std::int64_t samples, const Workers& workers) {
    return workers.count() == 1 ? 1 : std::min<std::int64_t>(samples, workers.count() * std::int64_t{3});
}

constexpr std::int64_t kLargeWeights = 64 * 1024; // floats

/// Small batches have few partial sums: less than the split's workspace.
bool splitsWeights(const ConvStrategy& strategy, std::int64_t samples) {
    return strategy.splitWorkspaceFloats() > 0 && samples >= 16;
}

std::atomic<ConvAlgorithm>& automaticAlgorithm() {
    static std::atomic<ConvAlgorithm> algorithm = [] {
        const char* name = std::getenv("STRATA_CONV"); // NOLINT(concurrency-mt-unsafe): nobody sets it
        return convAlgorithmFromName(name == nullptr ? "" : name).value_or(ConvAlgorithm::Automatic);
    }();
    return algorithm;
}

/// Multiply-adds of Winograd's algorithm, with the transforms' share counted in the same unit (measured:
/// about 12 for each cell of a transformed tile). Both costs count the lanes that stay empty in the last
/// vector of outputs. In double: a drawing may ask for more than 64 bits can count.
double winogradCost(const ConvGeometry& g, std::int64_t side) {
    const std::int64_t tile = winogradTile(g, side);
    if (tile == 0) return std::numeric_limits<double>::infinity();
    const auto tiles = static_cast<double>((g.outH + tile - 1) / tile) * static_cast<double>((g.outW + tile - 1) / tile);
    const auto in = static_cast<double>(aligned(g.inC));
    const auto out = static_cast<double>(aligned(g.outC));
    return tiles * static_cast<double>(side * side) * (static_cast<double>(g.inC) * out + 12 * (in + out));
}

/// Null where the general choice is best.
std::unique_ptr<const ConvStrategy> fastest(const ConvGeometry& g) {
    const double direct = static_cast<double>(g.outH * g.outW) * static_cast<double>(g.kernelH * g.kernelW) *
                          static_cast<double>(g.inC) * static_cast<double>(aligned(g.outC));
    const double small = winogradCost(g, 4);
    const double large = winogradCost(g, 6);
    if (std::min(small, large) > 0.8 * direct) return nullptr;
    const std::int64_t side = large <= small ? 6 : 4;
    std::unique_ptr<const ConvStrategy> tailed = makeTailedConv(g, side);
    return tailed ? std::move(tailed) : makeWinogradConv(g, side);
}

std::shared_ptr<const ConvStrategy> choose(const ConvGeometry& g, ConvAlgorithm algorithm) {
    std::unique_ptr<const ConvStrategy> strategy;
    if (algorithm == ConvAlgorithm::Automatic)
        algorithm = automaticAlgorithm().load(std::memory_order_relaxed);
    switch (algorithm) {
    case ConvAlgorithm::WinogradF2:
        strategy = makeWinogradConv(g, 4);
        break;
    case ConvAlgorithm::WinogradF4:
        strategy = makeWinogradConv(g, 6);
        break;
    case ConvAlgorithm::Automatic:
        strategy = fastest(g);
        break;
    case ConvAlgorithm::Im2col:
        strategy = makeIm2colConv(g);
        break;
    case ConvAlgorithm::Direct:
        break;
    }
    if (!strategy) strategy = makeDepthwiseConv(g);
    if (!strategy) strategy = makeDirectConv(g);
    return strategy;
}

} // namespace

void ConvStrategy::backwardSplit(std::int64_t, const float*, const float*, const float*, float*, float*, float*,
                                 float*, std::int64_t, Workers&, const ConvFusion&) const {
    assert(false); // splitWorkspaceFloats() says that there is no such way
}

std::optional<ConvAlgorithm> convAlgorithmFromName(std::string_view name) {
    if (name == "auto") return ConvAlgorithm::Automatic;
    if (name == "direct") return ConvAlgorithm::Direct;
    if (name == "im2col") return ConvAlgorithm::Im2col;
    if (name == "f2") return ConvAlgorithm::WinogradF2;
    if (name == "f4") return ConvAlgorithm::WinogradF4;
    return std::nullopt;
}

void setAutomaticConvAlgorithm(ConvAlgorithm algorithm) {
    automaticAlgorithm().store(algorithm, std::memory_order_relaxed);
}

Convolution::Convolution(const ConvGeometry& geometry, ConvAlgorithm algorithm)
    : m_geometry(geometry) {
    [[maybe_unused]] const ConvGeometry& g = geometry;
    assert(g.inH >= 1 && g.inW >= 1 && g.inC >= 1 && g.outH >= 1 && g.outW >= 1 && g.outC >= 1);
    assert(g.kernelH >= 1 && g.kernelW >= 1 && g.strideH >= 1 && g.strideW >= 1);
    assert(g.dilationH >= 1 && g.dilationW >= 1 && g.padTop >= 0 && g.padLeft >= 0);
    assert(g.groups >= 1 && g.inC % g.groups == 0 && g.outC % g.groups == 0);
    m_strategy = choose(geometry, algorithm);
}

ConvAlgorithm Convolution::algorithm() const {
    return m_strategy->algorithm();
}

ConvFusible Convolution::fuses() const {
    return m_strategy->fuses();
}

bool Convolution::prefersWholeBatch() const {
    return m_geometry.weightFloats() >= kLargeWeights;
}

std::int64_t Convolution::preparedFloats() const {
    return aligned(m_strategy->forwardPreparedFloats()) + m_strategy->backwardPreparedFloats();
}

std::int64_t Convolution::scratchFloats() const {
    return aligned(m_strategy->scratchFloats());
}

void Convolution::prepareForward(const float* w, float* prepared, Workers& workers) const {
    m_strategy->prepareForward(w, prepared, workers);
}

void Convolution::prepareBackward(const float* w, float* prepared, Workers& workers) const {
    m_strategy->prepareBackward(w, prepared + aligned(m_strategy->forwardPreparedFloats()), workers);
}

void Convolution::forward(std::int64_t samples, const float* x, const float* w, const float* prepared,
                          const float* bias, float* y, float* scratch, const ConvFusion& fusion) const {
    m_strategy->forward(samples, x, w, prepared, bias, y, scratch, fusion);
}

void Convolution::backwardInput(std::int64_t samples, const float* dy, const float*, const float* prepared,
                                float* dx, float* scratch) const {
    m_strategy->backward(samples, nullptr, dy, prepared + aligned(m_strategy->forwardPreparedFloats()), dx, nullptr,
                         scratch, {});
}

void Convolution::backwardWeights(std::int64_t samples, const float* x, const float* dy, float* dw, float* db,
                                  float* scratch) const {
    m_strategy->backward(samples, x, dy, nullptr, nullptr, dw, scratch, {});
    if (db != nullptr) columnSums(samples * m_geometry.outH * m_geometry.outW, m_geometry.outC, dy, db);
}

void Convolution::forward(std::int64_t samples, const float* x, const float* w, const float* prepared,
                          const float* bias, float* y, float* scratch, Workers& workers,
                          const ConvFusion& fusion) const {
    const std::int64_t runs = runsOf(samples, workers);
    workers.run(runs, [&](std::int64_t run, int worker) {
        const ChunkRange range = chunkRange(samples, runs, run);
        forward(range.size, x + range.first * m_geometry.inputFloats(), w, prepared, bias,
                y + range.first * m_geometry.outputFloats(), scratch + worker * scratchFloats(), fusion);
    });
}

void Convolution::backwardInput(std::int64_t samples, const float* dy, const float* w, const float* prepared,
                                float* dx, float* scratch, Workers& workers) const {
    const std::int64_t runs = runsOf(samples, workers);
    workers.run(runs, [&](std::int64_t run, int worker) {
        const ChunkRange range = chunkRange(samples, runs, run);
        backwardInput(range.size, dy + range.first * m_geometry.outputFloats(), w, prepared,
                      dx + range.first * m_geometry.inputFloats(), scratch + worker * scratchFloats());
    });
}

bool Convolution::splitsBackward(std::int64_t samples) const {
    return splitsWeights(*m_strategy, samples);
}

std::int64_t Convolution::partialFloats() const {
    return aligned(m_geometry.outC) + aligned(m_geometry.weightFloats());
}

void Convolution::backwardPart(std::int64_t samples, const float* x, const float* dy, const float* prepared,
                               float* dx, float* partial, bool bias, float* scratch, const ConvFusion& fusion) const {
    const float* backwardPrepared = prepared == nullptr ? nullptr : prepared + aligned(m_strategy->forwardPreparedFloats());
    if (partial != nullptr && bias)
        columnSums(samples * m_geometry.outH * m_geometry.outW, m_geometry.outC, dy, partial);
    m_strategy->backward(samples, x, dy, backwardPrepared, dx,
                         partial == nullptr ? nullptr : partial + aligned(m_geometry.outC), scratch, fusion);
}

void Convolution::sumParts(std::int64_t parts, const float* partials, float* dw, float* db, Workers& workers) const {
    const CellKernels& cells = *kernels().cells;
    if (db != nullptr) cells.reduceParts(parts, m_geometry.outC, partialFloats(), partials, db);
    const float* weights = partials + aligned(m_geometry.outC);
    constexpr std::int64_t kRun = 4096;
    workers.run((m_geometry.weightFloats() + kRun - 1) / kRun, [&](std::int64_t run, int) {
        const std::int64_t first = run * kRun;
        cells.reduceParts(parts, std::min(kRun, m_geometry.weightFloats() - first), partialFloats(), weights + first,
                          dw + first);
    });
}

std::int64_t Convolution::backwardWeightsFloats(std::int64_t samples) const {
    const std::int64_t chunks = batchChunks(samples);
    if (!splitsBackward(samples)) return chunks * partialFloats();
    return chunks * aligned(m_geometry.outC) + m_strategy->splitWorkspaceFloats();
}

void Convolution::backward(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx,
                           float* dw, float* db, float* workspace, float* scratch, Workers& workers,
                           const ConvFusion& fusion) const {
    const std::int64_t chunks = batchChunks(samples);
    if (!splitsBackward(samples)) {
        workers.run(chunks, [&](std::int64_t chunk, int worker) {
            const ChunkRange r = chunkRange(samples, chunks, chunk);
            ConvFusion ofRun = fusion;
            if (!fusion.gradient.isIdentity()) ofRun.gradient.y += r.first * m_geometry.outputFloats();
            backwardPart(r.size, x + r.first * m_geometry.inputFloats(), dy + r.first * m_geometry.outputFloats(),
                         prepared, dx == nullptr ? nullptr : dx + r.first * m_geometry.inputFloats(),
                         dw == nullptr ? nullptr : workspace + chunk * partialFloats(), db != nullptr,
                         scratch + worker * scratchFloats(), ofRun);
        });
        if (dw != nullptr) sumParts(chunks, workspace, dw, db, workers);
        return;
    }
    const std::int64_t biases = aligned(m_geometry.outC);
    if (db != nullptr) {
        workers.run(chunks, [&](std::int64_t chunk, int) {
            const ChunkRange r = chunkRange(samples, chunks, chunk);
            columnSums(r.size * m_geometry.outH * m_geometry.outW, m_geometry.outC,
                       dy + r.first * m_geometry.outputFloats(), workspace + chunk * biases);
        });
        kernels().cells->reduceParts(chunks, m_geometry.outC, biases, workspace, db);
    }
    m_strategy->backwardSplit(samples, x, dy,
                              prepared == nullptr ? nullptr : prepared + aligned(m_strategy->forwardPreparedFloats()), dx,
                              dw, workspace + chunks * biases, scratch, scratchFloats(), workers, fusion);
}

void Convolution::backwardWeights(std::int64_t samples, const float* x, const float* dy, float* dw, float* db,
                                  float* workspace, float* scratch, Workers& workers) const {
    backward(samples, x, dy, nullptr, nullptr, dw, db, workspace, scratch, workers);
}

} // namespace strata::math
