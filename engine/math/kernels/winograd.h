// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>

namespace strata::math {

/// `count` tiles side by side in one row of tiles, M pixels apart.
struct WinogradTiles {
    int64_t channels; ///< contiguous
    int64_t pixel;    ///< floats from one pixel of a row to the next
    int64_t row;      ///< floats from one row of pixels to the next
    int64_t count;
    int64_t rows, columns; ///< how many of a tile's M x M outputs exist
    int64_t step;          ///< floats from one transformed tile to the next: channels, rounded up to whole vectors
};

/// The transforms of Winograd's F(MxM, RxR), side S = M + R - 1. Point p of the S*S points of transformed tile t
/// lies at p * plane + t * step. Points are read and written in whole vectors.
struct WinogradKernels {
    /// v = B^T d B of the S x S pixels from x, for each tile
    void (*input)(const WinogradTiles& tiles, const float* x, float* v, int64_t plane);
    /// Adds B v B^T to the S x S pixels from dx, which overlap those of the next tile: the transpose of input()
    void (*inputGradient)(const WinogradTiles& tiles, const float* v, int64_t plane, float* dx);
    /// y = A^T m A, plus bias (nullable), then relu
    void (*output)(const WinogradTiles& tiles, const float* m, int64_t plane, const float* bias, bool relu, float* y);
    /// z = A dy A^T, outputs that do not exist being 0: the transpose of output()
    void (*gradient)(const WinogradTiles& tiles, const float* dy, float* z, int64_t plane);
    /// The same of a dy + b y + c, the latter three being (channels) and y lying as dy does
    void (*mappedGradient)(const WinogradTiles& tiles, const float* dy, const float* y, const float* a, const float* b,
                           const float* c, float* z, int64_t plane);
    /// u = G w G^T for `count` kernels of RxR whose taps lie `tap` floats apart
    void (*weights)(const float* w, int64_t tap, int64_t count, float* u, int64_t plane);
    /// dw = G^T u G
    void (*weightGradient)(const float* u, int64_t plane, int64_t count, float* dw, int64_t tap);
};

} // namespace strata::math
