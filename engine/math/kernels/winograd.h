// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>

namespace strata::math {

/// The transforms of Winograd's F(MxM, RxR) for one tile, side S = M + R - 1. Point p of the S*S points of a
/// transformed tile lies at p * plane; channels are contiguous. x, y, dy are walked by `row` and `pixel`
/// (floats).
struct WinogradKernels {
    /// v = B^T d B of the S x S pixels from x
    void (*input)(const float* x, int64_t row, int64_t pixel, int64_t channels, float* v, int64_t plane);
    /// The first rows x columns pixels of A^T m A, plus bias (nullable), then relu
    void (*output)(const float* m, int64_t plane, int64_t channels, const float* bias, bool relu, float* y,
                   int64_t row, int64_t pixel, int64_t rows, int64_t columns);
    /// z = A dy A^T of rows x columns pixels, the others being 0
    void (*gradient)(const float* dy, int64_t row, int64_t pixel, int64_t channels, int64_t rows,
                     int64_t columns, float* z, int64_t plane);
    /// u = G w G^T for `count` kernels of RxR whose taps lie `tap` floats apart
    void (*weights)(const float* w, int64_t tap, int64_t count, float* u, int64_t plane);
    /// dw = G^T u G
    void (*weightGradient)(const float* u, int64_t plane, int64_t count, float* dw, int64_t tap);
};

} // namespace strata::math
