// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>

/// What is compiled once per instruction set. This header is read by files with per-file machine flags, so it
/// holds no inline functions and no templates: those would reach older processors through the linker.
namespace strata::math {

/// One sum of products of matrices, walked with strides so that neither padding, nor dilation, nor
/// transposition needs a copy:
///   c[m*cRow + n] = start + sum over s < segments, k < steps of
///                   a[aOffset(s) + m*aRow + k*aStep] * b[bOffset(s) + k*bRow + n]
/// for m < rows, n < columns. aOffset(s) is aOffsets[s], or s * aSegment if aOffsets is null; b likewise.
/// Every c is a single chain of multiply-adds in the order of s, then k: it does not depend on rows or
/// columns.
struct Product {
    int64_t rows, columns, steps, segments;
    const float* a;
    int64_t aRow, aStep, aSegment;
    const int64_t* aOffsets;
    const float* b;
    int64_t bRow, bSegment;
    const int64_t* bOffsets;
    float* c;
    int64_t cRow;
    const float* bias; ///< start[n], nullable; not with accumulate
    bool accumulate;   ///< start is c itself
    bool relu;         ///< c = max(c, 0) at the end, NaN stays
};

/// The transforms of Winograd's F(MxM, 3x3) for one tile, side S = M + 2. Point p of the S*S points of a
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
    /// u = G w G^T for `count` kernels of 3x3 whose taps lie `tap` floats apart
    void (*weights)(const float* w, int64_t tap, int64_t count, float* u, int64_t plane);
    /// dw = G^T u G
    void (*weightGradient)(const float* u, int64_t plane, int64_t count, float* dw, int64_t tap);
};

struct KernelTable {
    const char* name;
    int lanes; ///< floats of one vector
    void (*product)(const Product&);
    /// to[c*toRow + r] = from[r*fromRow + c] for r < rows, c < columns
    void (*transpose)(int64_t rows, int64_t columns, const float* from, int64_t fromRow, float* to,
                      int64_t toRow);
    const WinogradKernels* winograd2;
    const WinogradKernels* winograd4;
};

extern const KernelTable kPlainKernels;
#if defined(__x86_64__)
extern const KernelTable kV2Kernels;
extern const KernelTable kAvx2Kernels;
extern const KernelTable kAvx512Kernels;
#endif

/// The table in use.
const KernelTable& kernels();

} // namespace strata::math
