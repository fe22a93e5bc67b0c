// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/depthwise.h"
#include "engine/math/kernels/vector.h"

namespace strata::math::STRATA_ISA {
namespace {

template <int Rows, class Get, class Put>
STRATA_INLINE void outputs(const Depthwise& p, int64_t row, int64_t n, Get get, Put put) {
    Vec sums[Rows];
    const Vec start = p.bias != nullptr ? get(p.bias + n) : Vec{};
#pragma GCC unroll 8
    for (int m = 0; m < Rows; ++m)
        sums[m] = start;
    const float* a = p.a + row * p.aRow + n;
    for (int64_t t = 0; t < p.taps; ++t) {
        const Vec w = get(p.w + p.wOffsets[t] + n);
#pragma GCC unroll 8
        for (int m = 0; m < Rows; ++m)
            sums[m] += get(a + p.aOffsets[t] + m * p.aRow) * w;
    }
#pragma GCC unroll 8
    for (int m = 0; m < Rows; ++m)
        put(p.c + (row + m) * p.cRow + n, p.relu ? reluOf(sums[m]) : sums[m]);
}

void forward(const Depthwise& p) {
    forVectors(
        p.channels, [&](int64_t n, auto get, auto put) __attribute__((always_inline)) {
            int64_t row = 0;
            for (; row + 8 <= p.rows; row += 8)
                outputs<8>(p, row, n, get, put);
            for (; row < p.rows; ++row)
                outputs<1>(p, row, n, get, put);
        });
}

template <int Taps, class Get, class Put>
STRATA_INLINE void gradients(const DepthwiseGradient& p, int64_t tap, int64_t n, Get get, Put put) {
    Vec sums[Taps];
    float* dw = p.dw + tap * p.channels + n;
#pragma GCC unroll 8
    for (int t = 0; t < Taps; ++t)
        sums[t] = p.accumulate ? get(dw + t * p.channels) : Vec{};
    for (int64_t s = 0; s < p.segments; ++s) {
        const float* a = p.a + s * p.aSegment + n;
        const float* b = p.b + s * p.bSegment + n;
        for (int64_t m = 0; m < p.rows; ++m) {
            const Vec gradient = get(b);
#pragma GCC unroll 8
            for (int t = 0; t < Taps; ++t)
                sums[t] += get(a + p.aOffsets[tap + t]) * gradient;
            a += p.aRow;
            b += p.bRow;
        }
    }
#pragma GCC unroll 8
    for (int t = 0; t < Taps; ++t)
        put(dw + t * p.channels, sums[t]);
}

void gradient(const DepthwiseGradient& p) {
    forVectors(
        p.channels, [&](int64_t n, auto get, auto put) __attribute__((always_inline)) {
            int64_t tap = 0;
            for (; tap + 8 <= p.taps; tap += 8)
                gradients<8>(p, tap, n, get, put);
            for (; tap < p.taps; ++tap)
                gradients<1>(p, tap, n, get, put);
        });
}

} // namespace

extern const DepthwiseKernels kDepthwise;
const DepthwiseKernels kDepthwise = {forward, gradient};

} // namespace strata::math::STRATA_ISA
