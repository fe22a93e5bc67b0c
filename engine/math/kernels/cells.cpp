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
void scaleShift(int64_t rows, int64_t channels, const float* x, const float* scale, const float* shift,
                bool relu, float* y) {
    for (int64_t r = 0; r < rows; ++r, x += channels, y += channels) {
        forVectors(
            channels, STRATA_BODY {
                const Vec v = (scale != nullptr ? get(x + i) * get(scale + i) : get(x + i)) + get(shift + i);
                put(y + i, relu ? reluOf(v) : v);
            });
    }
}
void combineChannels(int64_t rows, int64_t channels, const float* dy, const float* x, const float* a,
                     const float* b, const float* c, float* dx) {
    for (int64_t r = 0; r < rows; ++r, x += channels, dy += channels, dx += channels) {
        forVectors(
            channels,
            STRATA_BODY { put(dx + i, get(a + i) * get(dy + i) + (get(b + i) * get(x + i) + get(c + i))); });
    }
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
                            minimum, relu, reluBackward, scaleShift, combineChannels, reduceParts};

} // namespace strata::math::STRATA_ISA
