// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/pool.h"
#include "engine/math/kernels/vector.h"

namespace strata::math::STRATA_ISA {
namespace {

typedef uint8_t Bytes __attribute__((vector_size(STRATA_LANES)));
typedef uint8_t BytesInMemory __attribute__((vector_size(STRATA_LANES), aligned(1), may_alias));

STRATA_INLINE void storeIndex(uint8_t* p, IntVec at, int64_t count) {
    const Bytes bytes = __builtin_convertvector(at, Bytes);
    if (count >= kLanes) {
        *reinterpret_cast<BytesInMemory*>(p) = bytes;
    } else {
        for (int64_t i = 0; i < count; ++i)
            p[i] = bytes[i];
    }
}
STRATA_INLINE IntVec loadIndex(const uint8_t* p, int64_t count) {
    Bytes bytes = {};
    if (count >= kLanes) {
        bytes = *reinterpret_cast<const BytesInMemory*>(p);
    } else {
        for (int64_t i = 0; i < count; ++i)
            bytes[i] = p[i];
    }
    return __builtin_convertvector(bytes, IntVec);
}

template <bool Mapped>
STRATA_INLINE void maxWindow(const PoolWindow& w, int64_t rows, int64_t columns, const float* x, float* y,
                             uint8_t* index) {
    forVectors(
        w.channels, [&](int64_t c, auto get, auto put) __attribute__((always_inline)) {
            const Vec scale = Mapped ? get(w.scale + c) : Vec{};
            const Vec shift = Mapped ? get(w.shift + c) : Vec{};
            const auto cellAt = [&](int64_t at) __attribute__((always_inline)) {
                if (!Mapped) return get(x + at);
                const Vec value = get(x + at) * scale + shift;
                return w.relu ? reluOf(value) : value;
            };
            Vec best = cellAt(c);
            IntVec at = IntVec{} + w.firstIndex;
            for (int64_t i = 0; i < rows; ++i) {
                for (int64_t j = 0; j < columns; ++j) {
                    const Vec cell = cellAt(i * w.row + j * w.channels + c);
                    const IntVec better = (cell > best) | ((cell != cell) & (best == best));
                    best = better ? cell : best;
                    at = better ? IntVec{} + static_cast<int32_t>(w.firstIndex + i * w.indexRow + j) : at;
                }
            }
            put(y + c, best);
            if (index == nullptr) return;
            if (w.behindRelu) at = best > 0.0F ? at : IntVec{} + kNoCell;
            storeIndex(index + c, at, w.channels - c);
        });
}

STRATA_INLINE void spreadWindow(const PoolWindow& w, int64_t rows, int64_t columns, const float* dy,
                                const uint8_t* index, float* dx) {
    forVectors(
        w.channels, [&](int64_t c, auto get, auto put) __attribute__((always_inline)) {
            const Vec gradient = get(dy + c);
            const IntVec at = loadIndex(index + c, w.channels - c);
            for (int64_t i = 0; i < rows; ++i) {
                for (int64_t j = 0; j < columns; ++j) {
                    float* cell = dx + i * w.row + j * w.channels + c;
                    const IntVec here = at == static_cast<int32_t>(w.firstIndex + i * w.indexRow + j);
                    const Vec share = here ? gradient : Vec{};
                    put(cell, w.overwrite ? share : get(cell) + share);
                }
            }
        });
}

void maxForward(const PoolWindow& w, const float* x, float* y, uint8_t* index) {
    if (w.scale != nullptr) {
        maxWindow<true>(w, w.rows, w.columns, x, y, index);
    } else if (w.rows == 2 && w.columns == 2) {
        maxWindow<false>(w, 2, 2, x, y, index);
    } else {
        maxWindow<false>(w, w.rows, w.columns, x, y, index);
    }
}

void maxBackward(const PoolWindow& w, const float* dy, const uint8_t* index, float* dx) {
    if (w.rows == 2 && w.columns == 2) {
        spreadWindow(w, 2, 2, dy, index, dx);
    } else {
        spreadWindow(w, w.rows, w.columns, dy, index, dx);
    }
}

} // namespace

extern const PoolKernels kPool;
const PoolKernels kPool = {maxForward, maxBackward};

} // namespace strata::math::STRATA_ISA
