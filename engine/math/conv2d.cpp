// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/conv2d.h"

#include "engine/core/workers.h"
#include "engine/math/reductions.h"

#include <cassert>
#include <cstring>

namespace strata::math {
namespace {

/// Calls f(input offset, weight offset of (tap, c = 0, co = 0), output offset) for every real cell of one
/// sample.
template <class F>
void forEachTap(const ConvGeometry& g, F f) {
    for (std::int64_t oh = 0; oh < g.outH; ++oh) {
        for (std::int64_t ow = 0; ow < g.outW; ++ow) {
            for (std::int64_t kh = 0; kh < g.kernelH; ++kh) {
                for (std::int64_t kw = 0; kw < g.kernelW; ++kw) {
                    const std::int64_t ih = oh * g.strideH - g.padTop + kh * g.dilationH;
                    const std::int64_t iw = ow * g.strideW - g.padLeft + kw * g.dilationW;
                    if (ih < 0 || ih >= g.inH || iw < 0 || iw >= g.inW) continue;
                    f((ih * g.inW + iw) * g.inC, (kh * g.kernelW + kw) * (g.inC / g.groups) * g.outC,
                      (oh * g.outW + ow) * g.outC);
                }
            }
        }
    }
}

} // namespace

Convolution::Convolution(const ConvGeometry& geometry, ConvAlgorithm)
    : m_geometry(geometry)
    , m_algorithm(ConvAlgorithm::Direct) {
    assert(geometry.inC % geometry.groups == 0 && geometry.outC % geometry.groups == 0);
}

void Convolution::prepareForward(const float*, float*, Workers&) const {}
void Convolution::prepareBackward(const float*, float*, Workers&) const {}

void Convolution::forward(std::int64_t samples, const float* x, const float* w, const float*,
                          const float* bias, float* y, float*, ConvEpilogue epilogue) const {
    const ConvGeometry& g = m_geometry;
    const std::int64_t ci = g.inC / g.groups;
    const std::int64_t co = g.outC / g.groups;
    for (std::int64_t s = 0; s < samples; ++s, x += g.inputFloats(), y += g.outputFloats()) {
        std::memset(y, 0, static_cast<std::size_t>(g.outputFloats()) * sizeof(float));
        forEachTap(g, [&](std::int64_t in, std::int64_t weight, std::int64_t out) {
            for (std::int64_t group = 0; group < g.groups; ++group) {
                for (std::int64_t c = 0; c < ci; ++c) {
                    const float cell = x[in + group * ci + c];
                    for (std::int64_t o = group * co; o < (group + 1) * co; ++o) {
                        y[out + o] += cell * w[weight + c * g.outC + o];
                    }
                }
            }
        });
        for (std::int64_t i = 0; i < g.outputFloats(); ++i) {
            if (bias != nullptr) y[i] += bias[i % g.outC];
            if (epilogue.relu && y[i] < 0) y[i] = 0;
        }
    }
}

void Convolution::backwardInput(std::int64_t samples, const float* dy, const float* w, const float*,
                                float* dx, float*) const {
    const ConvGeometry& g = m_geometry;
    const std::int64_t ci = g.inC / g.groups;
    const std::int64_t co = g.outC / g.groups;
    for (std::int64_t s = 0; s < samples; ++s, dx += g.inputFloats(), dy += g.outputFloats()) {
        std::memset(dx, 0, static_cast<std::size_t>(g.inputFloats()) * sizeof(float));
        forEachTap(g, [&](std::int64_t in, std::int64_t weight, std::int64_t out) {
            for (std::int64_t group = 0; group < g.groups; ++group) {
                for (std::int64_t c = 0; c < ci; ++c) {
                    float total = 0;
                    for (std::int64_t o = group * co; o < (group + 1) * co; ++o) {
                        total += dy[out + o] * w[weight + c * g.outC + o];
                    }
                    dx[in + group * ci + c] += total;
                }
            }
        });
    }
}

void Convolution::backwardWeights(std::int64_t samples, const float* x, const float* dy, float* dw, float* db,
                                  float*) const {
    const ConvGeometry& g = m_geometry;
    const std::int64_t ci = g.inC / g.groups;
    const std::int64_t co = g.outC / g.groups;
    std::memset(dw, 0, static_cast<std::size_t>(g.weightFloats()) * sizeof(float));
    if (db != nullptr) columnSums(samples * g.outH * g.outW, g.outC, dy, db);
    for (std::int64_t s = 0; s < samples; ++s, x += g.inputFloats(), dy += g.outputFloats()) {
        forEachTap(g, [&](std::int64_t in, std::int64_t weight, std::int64_t out) {
            for (std::int64_t group = 0; group < g.groups; ++group) {
                for (std::int64_t c = 0; c < ci; ++c) {
                    const float cell = x[in + group * ci + c];
                    for (std::int64_t o = group * co; o < (group + 1) * co; ++o) {
                        dw[weight + c * g.outC + o] += cell * dy[out + o];
                    }
                }
            }
        });
    }
}

std::int64_t Convolution::backwardWeightsFloats(std::int64_t samples) const {
    return batchChunks(samples) * (m_geometry.weightFloats() + m_geometry.outC);
}

void Convolution::backwardWeights(std::int64_t samples, const float* x, const float* dy, float* dw, float* db,
                                  float* workspace, float* scratch, Workers& workers) const {
    const std::int64_t chunks = batchChunks(samples);
    const std::int64_t weights = m_geometry.weightFloats();
    float* const biasPartials = workspace + chunks * weights;
    workers.run(chunks, [&](std::int64_t chunk, int worker) {
        const ChunkRange range = chunkRange(samples, chunks, chunk);
        backwardWeights(range.size, x + range.first * m_geometry.inputFloats(),
                        dy + range.first * m_geometry.outputFloats(), workspace + chunk * weights,
                        db == nullptr ? nullptr : biasPartials + chunk * m_geometry.outC,
                        scratch + worker * m_scratchFloats);
    });
    reduceParts(chunks, weights, workspace, dw);
    if (db != nullptr) reduceParts(chunks, m_geometry.outC, biasPartials, db);
}

} // namespace strata::math
