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

/// Sums of x and of x * x; `rows` cells a sample. Each chunk sums for itself, then the chunks are added in
/// their order, so the number of threads does not matter.
BatchSums batchMoments(const Pass& pass, std::int64_t rows, std::int64_t channels, const Tensor& x);
/// Sums of a and of a * b.
BatchSums batchProducts(const Pass& pass, std::int64_t rows, std::int64_t channels, const Tensor& a,
                        const Tensor& b);

} // namespace strata
