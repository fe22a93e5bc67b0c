// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/batch_statistics.h"

#include "engine/layers/sizes.h"
#include "engine/math/reductions.h"

namespace strata {
namespace {

double* sumsOf(const Pass& pass, std::int64_t chunk) {
    return reinterpret_cast<double*>(pass.chunkOf(chunk));
}

} // namespace

std::int64_t batchSumsFloats(std::int64_t channels) {
    return floatsForDoubles(2 * channels);
}

BatchSums sumOfChunks(const Pass& pass, std::int64_t channels) {
    double* const total = sumsOf(pass, 0);
    for (std::int64_t chunk = 1; chunk < pass.chunks; ++chunk) {
        const double* part = sumsOf(pass, chunk);
        for (std::int64_t i = 0; i < 2 * channels; ++i)
            total[i] += part[i];
    }
    return {total, total + channels};
}

void chunkMoments(const Pass& pass, std::int64_t chunk, std::int64_t rows, std::int64_t channels, const Tensor& x) {
    const ChunkRange r = pass.samplesOf(chunk);
    double* const sums = sumsOf(pass, chunk);
    math::columnMoments(r.size * rows, channels, x.sample(r.first), sums, sums + channels);
}

void chunkProducts(const Pass& pass, std::int64_t chunk, std::int64_t rows, std::int64_t channels, const Tensor& a,
                   const Tensor& b) {
    const ChunkRange r = pass.samplesOf(chunk);
    double* const sums = sumsOf(pass, chunk);
    math::columnProducts(r.size * rows, channels, a.sample(r.first), b.sample(r.first), sums, sums + channels);
}

void chunkProductsBehindRelu(const Pass& pass, std::int64_t chunk, std::int64_t rows, std::int64_t channels,
                             const Tensor& a, const Tensor& b, const float* scale, const float* shift) {
    const ChunkRange r = pass.samplesOf(chunk);
    double* const sums = sumsOf(pass, chunk);
    math::columnProductsBehindRelu(r.size * rows, channels, a.sample(r.first), b.sample(r.first), scale, shift, sums,
                                   sums + channels);
}

} // namespace strata
