// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

/// Sums over a whole batch, one a channel, in double; they live in the pass's chunk scratch until the call
/// ends.
struct BatchSums {
    const double* first = nullptr;  // (channels)
    const double* second = nullptr; // (channels)
};

/// What a chunk's partial sums need: LayerPlan::scratchPerChunk.
std::int64_t batchSumsFloats(std::int64_t channels);

/// One chunk's sums of x and of x * x; `rows` cells a sample.
void chunkMoments(const Pass& pass, std::int64_t chunk, std::int64_t rows, std::int64_t channels, const Tensor& x);
/// One chunk's sums of a and of a * b.
void chunkProducts(const Pass& pass, std::int64_t chunk, std::int64_t rows, std::int64_t channels, const Tensor& a,
                   const Tensor& b);
/// The same after a was made 0, in place, wherever b * scale + shift is not above 0.
void chunkProductsBehindRelu(const Pass& pass, std::int64_t chunk, std::int64_t rows, std::int64_t channels,
                             const Tensor& a, const Tensor& b, const float* scale, const float* shift);
/// The sums of all chunks, added in the order of the chunks, so that the number of threads does not matter.
BatchSums sumOfChunks(const Pass& pass, std::int64_t channels);

} // namespace strata
