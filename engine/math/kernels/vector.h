// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Only for kernel files, which are compiled with STRATA_ISA (the name of a namespace) and STRATA_LANES (4, 8
// or 16).
#include <stdint.h>
#if STRATA_LANES > 4
#include <immintrin.h>
#endif

#define STRATA_INLINE static inline __attribute__((always_inline))
#define STRATA_METHOD inline __attribute__((always_inline))

namespace strata::math::STRATA_ISA {

constexpr int kLanes = STRATA_LANES;
/// A vector register; loads and stores need no alignment.
typedef float Vec __attribute__((vector_size(STRATA_LANES * 4)));
typedef float VecInMemory __attribute__((vector_size(STRATA_LANES * 4), aligned(4), may_alias));
typedef int32_t IntVec __attribute__((vector_size(STRATA_LANES * 4)));

STRATA_INLINE Vec load(const float* p) {
    return *reinterpret_cast<const VecInMemory*>(p);
}
STRATA_INLINE void store(float* p, Vec v) {
    *reinterpret_cast<VecInMemory*>(p) = v;
}
STRATA_INLINE Vec broadcast(float v) {
    return v - Vec{};
}
/// max(v, 0) that keeps NaN.
STRATA_INLINE Vec reluOf(Vec v) {
    return v < 0.0F ? Vec{} : v;
}

/// The first `count` lanes, 1 <= count <= kLanes, for the last vector of a row.
struct Tail {
#if STRATA_LANES == 16
    __mmask16 mask;
#elif STRATA_LANES == 8
    __m256i mask;
#else
    int count;
#endif
};

STRATA_INLINE Tail tailOf(int64_t count) {
#if STRATA_LANES == 16
    return {static_cast<__mmask16>((1U << count) - 1U)};
#elif STRATA_LANES == 8
    return {_mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                               _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))};
#else
    return {static_cast<int>(count)};
#endif
}
/// Lanes outside the tail are 0 and their memory is not touched.
STRATA_INLINE Vec load(const float* p, Tail tail) {
#if STRATA_LANES == 16
    return _mm512_maskz_loadu_ps(tail.mask, p);
#elif STRATA_LANES == 8
    return _mm256_maskload_ps(p, tail.mask);
#else
    Vec v{};
    for (int i = 0; i < tail.count; ++i)
        v[i] = p[i];
    return v;
#endif
}
STRATA_INLINE void store(float* p, Vec v, Tail tail) {
#if STRATA_LANES == 16
    _mm512_mask_storeu_ps(p, tail.mask, v);
#elif STRATA_LANES == 8
    _mm256_maskstore_ps(p, tail.mask, v);
#else
    for (int i = 0; i < tail.count; ++i)
        p[i] = v[i];
#endif
}

/// Calls body(first, get, put) for each vector of `count` adjacent floats; get and put load and store one
/// vector, the last of them masked.
template <class Body>
STRATA_INLINE void forVectors(int64_t count, Body body) {
    int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        body(
            i, [](const float* p) { return load(p); }, [](float* p, Vec v) { store(p, v); });
    }
    if (i < count) {
        const Tail tail = tailOf(count - i);
        body(
            i, [tail](const float* p) { return load(p, tail); },
            [tail](float* p, Vec v) { store(p, v, tail); });
    }
}

} // namespace strata::math::STRATA_ISA
