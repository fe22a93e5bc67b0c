// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace strata::math {

/// The tiles of a run of samples, numbered sample by sample, row by row: tile (i, j) makes the tile x tile outputs
/// from (i*tile, j*tile).
struct WinogradTiling {
    std::int64_t tile = 0, outH = 0, outW = 0;

    std::int64_t rows() const { return (outH + tile - 1) / tile; }
    std::int64_t columns() const { return (outW + tile - 1) / tile; }
    std::int64_t perSample() const { return rows() * columns(); }
};

/// Part of one row of tiles: all whole, or the one that sticks out on the right.
struct WinogradRun {
    std::int64_t sample, row, column; ///< row and column count tiles
    std::int64_t first;               ///< its first tile's place in the block
    std::int64_t count;
};

/// Calls f(run) for the tiles [first, first + count).
template <class F>
void forEachRun(const WinogradTiling& t, std::int64_t first, std::int64_t count, const F& f) {
    const bool ragged = t.outW % t.tile != 0;
    for (std::int64_t done = 0; done < count;) {
        const std::int64_t index = first + done;
        const std::int64_t inSample = index % t.perSample();
        const std::int64_t column = inSample % t.columns();
        const std::int64_t whole = t.columns() - (ragged ? 1 : 0) - column;
        const std::int64_t run = std::min(std::max<std::int64_t>(whole, 1), count - done);
        f(WinogradRun{index / t.perSample(), inSample / t.columns(), column, done, run});
        done += run;
    }
}

} // namespace strata::math
