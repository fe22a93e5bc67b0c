// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/cells.h"
#include "engine/math/kernels/vector.h"

namespace strata::math::STRATA_ISA {
namespace {

#define STRATA_BODY [&](int64_t i, auto get, auto put) __attribute__((always_inline))

void scale(int64_t n, float a, const float* x, float* y) {
    forVectors(
        n, STRATA_BODY { put(y + i, a * get(x + i)); });
}
void axpy(int64_t n, float a, const float* x, float* y) {
    forVectors(
        n, STRATA_BODY { put(y + i, get(y + i) + a * get(x + i)); });
}
void add(int64_t n, const float* a, const float* b, float* y) {
    forVectors(
        n, STRATA_BODY { put(y + i, get(a + i) + get(b + i)); });
}
void subtract(int64_t n, const float* a, const float* b, float* y) {
    forVectors(
        n, STRATA_BODY { put(y + i, get(a + i) - get(b + i)); });
}
void multiply(int64_t n, const float* a, const float* b, float* y) {
    forVectors(
        n, STRATA_BODY { put(y + i, get(a + i) * get(b + i)); });
}
void maximum(int64_t n, const float* a, const float* b, float* y) {
    forVectors(
        n, STRATA_BODY {
            const Vec u = get(a + i);
            const Vec v = get(b + i);
            put(y + i, ((u >= v) | (u != u)) ? u : v);
        });
}
void minimum(int64_t n, const float* a, const float* b, float* y) {
    forVectors(
        n, STRATA_BODY {
            const Vec u = get(a + i);
            const Vec v = get(b + i);
            put(y + i, ((u <= v) | (u != u)) ? u : v);
        });
}
void relu(int64_t n, const float* x, float* y) {
    forVectors(
        n, STRATA_BODY { put(y + i, reluOf(get(x + i))); });
}
void reluBackward(int64_t n, const float* y, const float* dy, float* dx) {
    forVectors(
        n, STRATA_BODY { put(dx + i, get(y + i) > 0.0F ? get(dy + i) : Vec{}); });
}
/// Calls f(Count vectors, first channel, get, put) for groups of up to four vectors of channels, the last of them
/// masked: what belongs to a channel is loaded once for all rows.
template <class F>
STRATA_INLINE void forChannels(int64_t channels, F f) {
    const auto whole = [](const float* p) { return load(p); };
    const auto keep = [](float* p, Vec v) { store(p, v); };
    int64_t c = 0;
    for (; c + 4 * kLanes <= channels; c += 4 * kLanes)
        f.template operator()<4>(c, whole, keep);
    for (; c + kLanes <= channels; c += kLanes)
        f.template operator()<1>(c, whole, keep);
    if (c == channels) return;
    const Tail tail = tailOf(channels - c);
    f.template operator()<1>(
        c, [tail](const float* p) { return load(p, tail); }, [tail](float* p, Vec v) { store(p, v, tail); });
}

template <bool Relu>
void scaleShiftRows(int64_t rows, int64_t channels, const float* x, const float* scale, const float* shift, float* y) {
    forChannels(channels, [&]<int Count>(int64_t c, auto get, auto put) __attribute__((always_inline)) {
        Vec by[Count];
        Vec plus[Count];
        for (int v = 0; v < Count; ++v) {
            by[v] = scale != nullptr ? get(scale + c + v * kLanes) : Vec{} + 1.0F;
            plus[v] = get(shift + c + v * kLanes);
        }
        for (int64_t r = 0; r < rows; ++r) {
#pragma GCC unroll 4
            for (int v = 0; v < Count; ++v) {
                const int64_t at = r * channels + c + v * kLanes;
                const Vec value = get(x + at) * by[v] + plus[v];
                put(y + at, Relu ? reluOf(value) : value);
            }
        }
    });
}
void scaleShift(int64_t rows, int64_t channels, const float* x, const float* scale, const float* shift,
                bool relu, float* y) {
    if (relu)
        scaleShiftRows<true>(rows, channels, x, scale, shift, y);
    else
        scaleShiftRows<false>(rows, channels, x, scale, shift, y);
}

template <bool ScaleA, bool ScaleB, bool Relu>
void addScaledRows(int64_t rows, int64_t channels, const float* a, const float* aScale, const float* aShift,
                   const float* b, const float* bScale, const float* bShift, float* y) {
    forChannels(channels, [&]<int Count>(int64_t c, auto get, auto put) __attribute__((always_inline)) {
        Vec byA[Count] = {};
        Vec byB[Count] = {};
        Vec plus[Count] = {};
        for (int v = 0; v < Count; ++v) {
            if (ScaleA) byA[v] = get(aScale + c + v * kLanes);
            if (ScaleB) byB[v] = get(bScale + c + v * kLanes);
            if (ScaleA) plus[v] = get(aShift + c + v * kLanes);
            if (ScaleB) plus[v] += get(bShift + c + v * kLanes);
        }
        for (int64_t r = 0; r < rows; ++r) {
#pragma GCC unroll 4
            for (int v = 0; v < Count; ++v) {
                const int64_t at = r * channels + c + v * kLanes;
                Vec value = ScaleA ? get(a + at) * byA[v] + plus[v] : get(a + at) + plus[v];
                value = ScaleB ? get(b + at) * byB[v] + value : get(b + at) + value;
                put(y + at, Relu ? reluOf(value) : value);
            }
        }
    });
}
using AddRows = void (*)(int64_t, int64_t, const float*, const float*, const float*, const float*, const float*,
                         const float*, float*);
constexpr AddRows kAddRows[2][2][2] = { // [a scaled][b scaled][relu]
    {{addScaledRows<false, false, false>, addScaledRows<false, false, true>},
     {addScaledRows<false, true, false>, addScaledRows<false, true, true>}},
    {{addScaledRows<true, false, false>, addScaledRows<true, false, true>},
     {addScaledRows<true, true, false>, addScaledRows<true, true, true>}}};
void addScaled(int64_t rows, int64_t channels, const float* a, const float* aScale, const float* aShift, const float* b,
               const float* bScale, const float* bShift, bool relu, float* y) {
    kAddRows[aScale != nullptr][bScale != nullptr][relu](rows, channels, a, aScale, aShift, b, bScale, bShift, y);
}
void reluBackwardTwice(int64_t n, const float* y, float* dy, float* copy) {
    forVectors(
        n, STRATA_BODY {
            const Vec kept = get(y + i) > 0.0F ? get(dy + i) : Vec{};
            put(dy + i, kept);
            put(copy + i, kept);
        });
}
void combineChannels(int64_t rows, int64_t channels, const float* dy, const float* x, const float* a,
                     const float* b, const float* c, float* dx) {
    forChannels(channels, [&]<int Count>(int64_t first, auto get, auto put) __attribute__((always_inline)) {
        Vec as[Count];
        Vec bs[Count];
        Vec cs[Count];
        for (int v = 0; v < Count; ++v) {
            as[v] = get(a + first + v * kLanes);
            bs[v] = get(b + first + v * kLanes);
            cs[v] = get(c + first + v * kLanes);
        }
        for (int64_t r = 0; r < rows; ++r) {
#pragma GCC unroll 4
            for (int v = 0; v < Count; ++v) {
                const int64_t at = r * channels + first + v * kLanes;
                put(dx + at, as[v] * get(dy + at) + (bs[v] * get(x + at) + cs[v]));
            }
        }
    });
}
void reduceParts(int64_t parts, int64_t count, int64_t stride, const float* partials, float* out) {
    forVectors(
        count, STRATA_BODY {
            Vec total = get(partials + i);
            for (int64_t p = 1; p < parts; ++p)
                total += get(partials + p * stride + i);
            put(out + i, total);
        });
}

} // namespace

extern const CellKernels kCells;
const CellKernels kCells = {scale,   axpy, add,          subtract,   multiply,        maximum,
                            minimum, relu, reluBackward, scaleShift, addScaled, reluBackwardTwice,
                            combineChannels, reduceParts};

} // namespace strata::math::STRATA_ISA
