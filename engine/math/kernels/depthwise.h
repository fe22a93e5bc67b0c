// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>

namespace strata::math {

/// A convolution in which each channel meets only itself:
///   c[m*cRow + n] = bias[n] + sum over t < taps of a[aOffsets[t] + m*aRow + n] * w[wOffsets[t] + n], then
///   relu
/// for m < rows, n < channels. bias is nullable.
struct Depthwise {
    int64_t rows, channels, taps;
    const float* a;
    int64_t aRow;
    const int64_t* aOffsets;
    const float* w;
    const int64_t* wOffsets;
    float* c;
    int64_t cRow;
    const float* bias;
    bool relu;
};

/// Its weight gradient: dw[t*channels + n] (+)= sum over s < segments, m < rows of
///   a[aOffsets[t] + s*aSegment + m*aRow + n] * b[s*bSegment + m*bRow + n]
struct DepthwiseGradient {
    int64_t rows, segments, channels, taps;
    const float* a;
    int64_t aRow, aSegment;
    const int64_t* aOffsets;
    const float* b;
    int64_t bRow, bSegment;
    float* dw;
    bool accumulate;
};

struct DepthwiseKernels {
    void (*forward)(const Depthwise&);
    void (*gradient)(const DepthwiseGradient&);
};

} // namespace strata::math
