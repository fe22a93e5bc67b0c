// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/workers.h"

#include <algorithm>
#include <cstdint>

namespace strata {

/// The floats a chunk must have so that all chunks of a batch together offer `floatsFor(batch)`, for any
/// batch: for kernels that say what they need for a batch as a whole. Probes batches at the borders of the
/// number of chunks.
template <class F>
std::int64_t workspacePerChunk(const F& floatsFor) {
    std::int64_t perChunk = 0;
    const auto probe = [&](std::int64_t batch) {
        const std::int64_t chunks = batchChunks(batch);
        perChunk = std::max(perChunk, (floatsFor(batch) + chunks - 1) / chunks);
    };
    for (std::int64_t batch = 1; batch <= 64; ++batch)
        probe(batch);
    for (std::int64_t batch = 128; batch <= 4096; batch *= 2)
        probe(batch);
    return (perChunk + 15) / 16 * 16;
}

} // namespace strata
