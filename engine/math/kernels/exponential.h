// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Only for kernel files, like vector.h.
#include "engine/math/kernels/vector.h"

namespace strata::math::STRATA_ISA {

STRATA_INLINE Vec clampKeepingNan(Vec x, float low, float high) {
    x = x < low ? Vec{} + low : x;
    return x > high ? Vec{} + high : x;
}

STRATA_INLINE Vec powerOfTwo(IntVec n) {
    return reinterpret_cast<Vec>((n + 127) << 23);
}

/// e^x = 2^n e^r with |r| <= ln(2)/2. expm1(r) by its Taylor series to the 7th power: the next term is below
/// 6e-9.
struct ReducedExponential {
    IntVec n;
    Vec expm1;

    STRATA_METHOD explicit ReducedExponential(Vec x) {
        constexpr float kInverseLn2 = 1.44269504F;
        // ln(2) in two parts, the first with few enough bits that n times it is exact.
        constexpr float kLn2High = 0.693359375F;
        constexpr float kLn2Low = -2.12194440e-4F;
        constexpr float kToInteger = 12582912.0F; // 1.5 * 2^23: adding it rounds to a whole number
        const Vec whole = (x * kInverseLn2 + kToInteger) - kToInteger;
        n = __builtin_convertvector(whole, IntVec);
        const Vec r = (x - whole * kLn2High) - whole * kLn2Low;
        Vec p = r * (1.0F / 5040) + (1.0F / 720);
        p = p * r + (1.0F / 120);
        p = p * r + (1.0F / 24);
        p = p * r + (1.0F / 6);
        p = p * r + 0.5F;
        expm1 = p * r * r + r;
    }
};

/// e^x to about one unit in the last place; 0 below -104, infinity above 88.8.
STRATA_INLINE Vec exponential(Vec x) {
    const ReducedExponential e(clampKeepingNan(x, -104.0F, 89.0F));
    const IntVec half = e.n >> 1; // in two steps, since 2^n itself may not be a float
    return (1.0F + e.expm1) * powerOfTwo(half) * powerOfTwo(e.n - half);
}

/// e^x - 1 without cancellation near 0; x is cut to [-30, 88].
STRATA_INLINE Vec exponentialMinusOne(Vec x) {
    const ReducedExponential e(clampKeepingNan(x, -30.0F, 88.0F));
    const Vec scale = powerOfTwo(e.n);
    return scale * e.expm1 + (scale - 1.0F);
}

STRATA_INLINE Vec sigmoidOf(Vec x) {
    return 1.0F / (1.0F + exponential(-x));
}

STRATA_INLINE Vec tanhOf(Vec x) {
    const Vec e = exponentialMinusOne(2.0F * clampKeepingNan(x, -10.0F, 10.0F));
    return e / (e + 2.0F);
}

} // namespace strata::math::STRATA_ISA
