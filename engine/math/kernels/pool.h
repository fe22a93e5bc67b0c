// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>

namespace strata::math {

/// The real cells of one pooling window of at most 256 cells, padding included.
/// Index of no cell of a window.
constexpr int32_t kNoCell = 255;

struct PoolWindow {
    int64_t rows, columns; ///< real cells
    int64_t channels;
    int64_t row;        ///< floats from one row of cells to the next
    int32_t firstIndex; ///< index of the first real cell
    int64_t indexRow;   ///< indices from one row of cells to the next
    bool overwrite;     ///< of dx: no other window meets these cells
    /// What is done to the cells of x first (nullable), then relu; (channels)
    const float *scale, *shift;
    bool relu;
    bool behindRelu; ///< where the maximum is not above 0 the index is kNoCell: no gradient passes
};

struct PoolKernels {
    /// x: first real cell; index(channels) is nullable
    void (*maxForward)(const PoolWindow& w, const float* x, float* y, uint8_t* index);
    /// Adds to dx (or overwrites it)
    void (*maxBackward)(const PoolWindow& w, const float* dy, const uint8_t* index, float* dx);
};

} // namespace strata::math
