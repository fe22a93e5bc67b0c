// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>

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
    /// The same product for several planes, whose a, b, c lie so many floats apart. 0 means one.
    int64_t planes, aPlane, bPlane, cPlane;
};

} // namespace strata::math
