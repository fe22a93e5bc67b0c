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

struct KernelTable {
    const char* name;
    int lanes; ///< floats of one vector
    void (*product)(const Product&);
    /// to[c*toRow + r] = from[r*fromRow + c] for r < rows, c < columns
    void (*transpose)(int64_t rows, int64_t columns, const float* from, int64_t fromRow, float* to,
                      int64_t toRow);
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
