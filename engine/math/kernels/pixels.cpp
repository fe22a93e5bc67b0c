// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/pixels.h"
#include "engine/math/kernels/vector.h"

namespace strata::math::STRATA_ISA {
namespace {

void copyPixels(int64_t pixels, int64_t channels, const float* from, int64_t fromPixel, float* to,
                int64_t toPixel) {
    forVectors(
        channels, [&](int64_t c, auto get, auto put) __attribute__((always_inline)) {
            for (int64_t p = 0; p < pixels; ++p)
                put(to + p * toPixel + c, get(from + p * fromPixel + c));
        });
}

void addPixels(int64_t pixels, int64_t channels, const float* from, int64_t fromPixel, float* to,
               int64_t toPixel) {
    forVectors(
        channels, [&](int64_t c, auto get, auto put) __attribute__((always_inline)) {
            for (int64_t p = 0; p < pixels; ++p) {
                float* const cell = to + p * toPixel + c;
                put(cell, get(cell) + get(from + p * fromPixel + c));
            }
        });
}

/// Lanes of a sum over channels, for every instruction set: the order of the sum follows from it.
constexpr int kSumLanes = 16;
/// Outputs that are in work together: their sums stay in registers.
constexpr int kOutputs = STRATA_LANES == 16 ? 16 : 8;

/// sums[i] += x[i + tap] * w[tap] for the outputs i and taps of one row of the kernel, for the lanes of x and
/// w. Pixels from `begin` on and before `end` exist.
template <int Taps>
STRATA_INLINE void addTaps(const float* x, int64_t pixel, int64_t begin, int64_t end, const float* w,
                           int64_t tap, Vec* sums) {
    Vec weights[Taps];
#pragma GCC unroll 5
    for (int t = 0; t < Taps; ++t)
        weights[t] = load(w + t * tap);
#pragma GCC unroll 20
    for (int i = 0; i < kOutputs + Taps - 1; ++i) {
        if (i < begin || i >= end) continue;
        const Vec cell = load(x + i * pixel);
#pragma GCC unroll 5
        for (int t = 0; t < Taps; ++t) {
            if (i - t >= 0 && i - t < kOutputs) sums[i - t] += cell * weights[t];
        }
    }
}

typedef float Four __attribute__((vector_size(16)));
typedef float FourInMemory __attribute__((vector_size(16), aligned(4), may_alias));

STRATA_INLINE Four loadFour(const float* p) {
    return *reinterpret_cast<const FourInMemory*>(p);
}

/// The 16 lanes of each output, which lie side by side, added: in fours, then the four.
STRATA_INLINE Four sumLanes(const float* lanes) {
    Four part[4];
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        const float* from = lanes + i * kSumLanes;
        part[i] = (loadFour(from) + loadFour(from + 8)) + (loadFour(from + 4) + loadFour(from + 12));
    }
    const Four ab01 = __builtin_shufflevector(part[0], part[1], 0, 4, 1, 5);
    const Four ab23 = __builtin_shufflevector(part[0], part[1], 2, 6, 3, 7);
    const Four cd01 = __builtin_shufflevector(part[2], part[3], 0, 4, 1, 5);
    const Four cd23 = __builtin_shufflevector(part[2], part[3], 2, 6, 3, 7);
    return (__builtin_shufflevector(ab01, cd01, 0, 1, 4, 5) +
            __builtin_shufflevector(ab01, cd01, 2, 3, 6, 7)) +
           (__builtin_shufflevector(ab23, cd23, 0, 1, 4, 5) +
            __builtin_shufflevector(ab23, cd23, 2, 3, 6, 7));
}

template <int Taps>
STRATA_INLINE void dotsOf(const PixelDots& d) {
    alignas(64) float lanes[kOutputs * kSumLanes];
    alignas(64) float results[kOutputs];
    for (int64_t oh = 0; oh < d.outH; ++oh) {
        for (int64_t ow = 0; ow < d.outW; ow += kOutputs) {
            const int64_t first = ow - d.left; // column of x under the first tap
            for (int lane = 0; lane < kSumLanes; lane += kLanes) {
                Vec sums[kOutputs] = {};
                for (int kh = 0; kh < Taps; ++kh) {
                    const int64_t row = oh + kh - d.top;
                    if (row < 0 || row >= d.height) continue;
                    const float* x = d.x + (row * d.width + first) * d.pixel;
                    for (int64_t c = lane; c < d.channels; c += kSumLanes) {
                        addTaps<Taps>(x + c, d.pixel, -first, d.width - first,
                                      d.w + kh * Taps * d.channels + c, d.channels, sums);
                    }
                }
#pragma GCC unroll 16
                for (int i = 0; i < kOutputs; ++i)
                    store(lanes + i * kSumLanes + lane, sums[i]);
            }
            for (int i = 0; i < kOutputs; i += 4)
                *reinterpret_cast<FourInMemory*>(results + i) = sumLanes(lanes + i * kSumLanes);
            const int64_t count = d.outW - ow < kOutputs ? d.outW - ow : kOutputs;
            float* y = d.y + (oh * d.outW + ow) * d.yPixel;
            const float* starts = d.starts == nullptr ? nullptr : d.starts + oh * d.outW + ow;
            for (int64_t i = 0; i < count; ++i, y += d.yPixel) {
                float value = results[i] + (starts == nullptr ? d.start : d.start + starts[i]);
                if (d.add) value += *y;
                *y = d.relu && value < 0.0F ? 0.0F : value;
            }
        }
    }
}

void dots(const PixelDots& d) {
    if (d.kernel == 3)
        dotsOf<3>(d);
    else
        dotsOf<5>(d);
}

} // namespace

extern const PixelKernels kPixels;
const PixelKernels kPixels = {copyPixels, addPixels, dots};

} // namespace strata::math::STRATA_ISA
