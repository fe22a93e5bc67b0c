// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution3d.h"

#include "engine/layers/sizes.h"
#include "engine/math/elementwise.h"
#include "engine/math/reductions.h"

#include <algorithm>

namespace strata {

Convolution3D::Convolution3D(const math::ConvGeometry& slice, const ConvDepth& depth)
    : m_slice(slice)
    , m_depth(depth)
    , m_preparedSlice(alignedFloats(m_slice.preparedFloats()))
    , m_sliceScratch(alignedFloats(m_slice.scratchFloats()))
    , m_partial(alignedFloats(std::max({slice.inputFloats(), slice.outputFloats(), slice.weightFloats()}))) {}

void Convolution3D::prepareForward(const float* w, float* prepared, Workers& workers) const {
    const std::int64_t size = m_slice.geometry().weightFloats();
    for (std::int64_t k = 0; k < m_depth.kernel; ++k)
        m_slice.prepareForward(w + k * size, prepared + k * m_preparedSlice, workers);
}

void Convolution3D::prepareBackward(const float* w, float* prepared, Workers& workers) const {
    const std::int64_t size = m_slice.geometry().weightFloats();
    for (std::int64_t k = 0; k < m_depth.kernel; ++k)
        m_slice.prepareBackward(w + k * size, prepared + k * m_preparedSlice, workers);
}

void Convolution3D::forward(std::int64_t samples, const float* x, const float* w, const float* prepared,
                            const float* bias, float* y, float* scratch, const math::ConvFusion& fusion) const {
    const math::ConvGeometry& g = m_slice.geometry();
    float* const part = scratch + m_sliceScratch;
    for (std::int64_t n = 0; n < samples; ++n, x += inputFloats(), y += outputFloats()) {
        math::fill(outputFloats(), 0, y);
        forEachSlice([&](std::int64_t i, std::int64_t k, std::int64_t o) {
            m_slice.forward(1, x + i * g.inputFloats(), w + k * g.weightFloats(),
                            prepared + k * m_preparedSlice, nullptr, part, scratch);
            math::accumulate(g.outputFloats(), part, y + o * g.outputFloats());
        });
        const std::int64_t rows = outputFloats() / g.outC;
        if (bias != nullptr)
            math::addBias(rows, g.outC, y, bias, y, fusion.relu);
        else if (fusion.relu) {
            for (std::int64_t i = 0; i < outputFloats(); ++i)
                y[i] = y[i] < 0 ? 0 : y[i];
        }
    }
}

void Convolution3D::backwardInput(std::int64_t samples, const float* dy, const float* w,
                                  const float* prepared, float* dx, float* scratch) const {
    const math::ConvGeometry& g = m_slice.geometry();
    float* const part = scratch + m_sliceScratch;
    for (std::int64_t n = 0; n < samples; ++n, dx += inputFloats(), dy += outputFloats()) {
        math::fill(inputFloats(), 0, dx);
        forEachSlice([&](std::int64_t i, std::int64_t k, std::int64_t o) {
            m_slice.backwardInput(1, dy + o * g.outputFloats(), w + k * g.weightFloats(),
                                  prepared + k * m_preparedSlice, part, scratch);
            math::accumulate(g.inputFloats(), part, dx + i * g.inputFloats());
        });
    }
}

std::int64_t Convolution3D::backwardWeightsFloats(std::int64_t samples) const {
    return batchChunks(samples) * (weightFloats() + outputChannels());
}

void Convolution3D::backwardWeights(std::int64_t samples, const float* x, const float* dy, float* dw,
                                    float* db, float* workspace, float* scratch, Workers& workers) const {
    const math::ConvGeometry& g = m_slice.geometry();
    const std::int64_t chunks = batchChunks(samples);
    float* const biasParts = workspace + chunks * weightFloats();
    workers.run(chunks, [&](std::int64_t chunk, int worker) {
        const ChunkRange r = chunkRange(samples, chunks, chunk);
        float* const mine = scratch + worker * scratchFloats();
        float* const part = mine + m_sliceScratch;
        float* const sums = workspace + chunk * weightFloats();
        math::fill(weightFloats(), 0, sums);
        for (std::int64_t n = r.first; n < r.first + r.size; ++n) {
            forEachSlice([&](std::int64_t i, std::int64_t k, std::int64_t o) {
                m_slice.backwardWeights(1, x + n * inputFloats() + i * g.inputFloats(),
                                        dy + n * outputFloats() + o * g.outputFloats(), part, nullptr, mine);
                math::accumulate(g.weightFloats(), part, sums + k * g.weightFloats());
            });
        }
        if (db != nullptr) {
            math::columnSums(r.size * outputFloats() / g.outC, g.outC, dy + r.first * outputFloats(),
                             biasParts + chunk * g.outC);
        }
    });
    math::reduceParts(chunks, weightFloats(), workspace, dw);
    if (db != nullptr) math::reduceParts(chunks, g.outC, biasParts, db);
}

} // namespace strata
