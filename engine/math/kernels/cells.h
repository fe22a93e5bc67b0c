// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>

namespace strata::math {

/// Cell by cell; the contracts are those of elementwise.h.
struct CellKernels {
    void (*scale)(int64_t n, float a, const float* x, float* y);
    void (*axpy)(int64_t n, float a, const float* x, float* y);
    void (*add)(int64_t n, const float* a, const float* b, float* y);
    void (*subtract)(int64_t n, const float* a, const float* b, float* y);
    void (*multiply)(int64_t n, const float* a, const float* b, float* y);
    void (*maximum)(int64_t n, const float* a, const float* b, float* y);
    void (*minimum)(int64_t n, const float* a, const float* b, float* y);
    void (*relu)(int64_t n, const float* x, float* y);
    void (*reluBackward)(int64_t n, const float* y, const float* dy, float* dx);
    /// scale is nullable: then 1
    void (*scaleShift)(int64_t rows, int64_t channels, const float* x, const float* scale, const float* shift,
                       bool relu, float* y);
    /// y = a * aScale + aShift + b * bScale + bShift, then relu; a scale may be null: then 1, and no shift
    void (*addScaled)(int64_t rows, int64_t channels, const float* a, const float* aScale, const float* aShift,
                      const float* b, const float* bScale, const float* bShift, bool relu, float* y);
    /// both = dy where y > 0, else 0: the relu's gradient for two readers
    void (*reluBackwardTwice)(int64_t n, const float* y, float* dy, float* copy);
    void (*combineChannels)(int64_t rows, int64_t channels, const float* dy, const float* x, const float* a,
                            const float* b, const float* c, float* dx);
    /// parts >= 1; part p begins at p * stride
    void (*reduceParts)(int64_t parts, int64_t count, int64_t stride, const float* partials, float* out);
};

/// The contracts are those of reductions.h; stride is the number of floats from row to row.
struct ColumnKernels {
    void (*columnSums)(int64_t rows, int64_t channels, int64_t stride, const float* x, double* sums);
    void (*columnMoments)(int64_t rows, int64_t channels, const float* x, double* sums, double* squares);
    void (*columnProducts)(int64_t rows, int64_t channels, const float* a, const float* b, double* sums,
                           double* products);
    void (*columnProductsBehindRelu)(int64_t rows, int64_t channels, float* a, const float* b, const float* scale,
                                     const float* shift, double* sums, double* products);
};

} // namespace strata::math
