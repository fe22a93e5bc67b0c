// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/updates.h"
#include "engine/math/kernels/vector.h"

namespace strata::math::STRATA_ISA {
namespace {

STRATA_INLINE Vec squareRoot(Vec x) {
#if STRATA_LANES == 16
    return _mm512_maskz_sqrt_ps(0xFFFF, x); // the plain form warns of its own undefined register (GCC 12)
#elif STRATA_LANES == 8
    return _mm256_sqrt_ps(x);
#else
    for (int i = 0; i < kLanes; ++i)
        x[i] = __builtin_sqrtf(x[i]);
    return x;
#endif
}

void momentumUpdate(int64_t n, float rate, float momentum, bool nesterov, const float* g, float* v,
                    float* w) {
    forVectors(
        n, [&](int64_t i, auto get, auto put) __attribute__((always_inline)) {
            const Vec pull = rate * get(g + i);
            const Vec speed = momentum * get(v + i) - pull;
            put(v + i, speed);
            put(w + i, get(w + i) + (nesterov ? momentum * speed - pull : speed));
        });
}

void adamUpdate(int64_t n, float rate, float toM, float toV, float epsilon, const float* g, float* m,
                float* v, float* w) {
    forVectors(
        n, [&](int64_t i, auto get, auto put) __attribute__((always_inline)) {
            const Vec gradient = get(g + i);
            const Vec oldM = get(m + i);
            const Vec oldV = get(v + i);
            const Vec newM = oldM + (gradient - oldM) * toM;
            const Vec newV = oldV + (gradient * gradient - oldV) * toV;
            put(m + i, newM);
            put(v + i, newV);
            put(w + i, get(w + i) - newM * rate / (squareRoot(newV) + epsilon));
        });
}

} // namespace

extern const UpdateKernels kUpdates;
const UpdateKernels kUpdates = {momentumUpdate, adamUpdate};

} // namespace strata::math::STRATA_ISA
