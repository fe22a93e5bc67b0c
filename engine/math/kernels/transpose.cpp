// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/vector.h"

namespace strata::math::STRATA_ISA {
namespace {

typedef float Four __attribute__((vector_size(16)));
typedef float FourInMemory __attribute__((vector_size(16), aligned(4), may_alias));

STRATA_INLINE Four loadFour(const float* p) {
    return *reinterpret_cast<const FourInMemory*>(p);
}
STRATA_INLINE void storeFour(float* p, Four v) {
    *reinterpret_cast<FourInMemory*>(p) = v;
}

STRATA_INLINE void transposeFour(const float* from, int64_t fromRow, float* to, int64_t toRow) {
    const Four a = loadFour(from);
    const Four b = loadFour(from + fromRow);
    const Four c = loadFour(from + 2 * fromRow);
    const Four d = loadFour(from + 3 * fromRow);
    const Four ab01 = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const Four ab23 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
    const Four cd01 = __builtin_shufflevector(c, d, 0, 4, 1, 5);
    const Four cd23 = __builtin_shufflevector(c, d, 2, 6, 3, 7);
    storeFour(to, __builtin_shufflevector(ab01, cd01, 0, 1, 4, 5));
    storeFour(to + toRow, __builtin_shufflevector(ab01, cd01, 2, 3, 6, 7));
    storeFour(to + 2 * toRow, __builtin_shufflevector(ab23, cd23, 0, 1, 4, 5));
    storeFour(to + 3 * toRow, __builtin_shufflevector(ab23, cd23, 2, 3, 6, 7));
}

} // namespace

void transpose(int64_t rows, int64_t columns, const float* from, int64_t fromRow, float* to, int64_t toRow) {
    const int64_t wholeRows = rows / 4 * 4;
    const int64_t wholeColumns = columns / 4 * 4;
    for (int64_t r = 0; r < wholeRows; r += 4) {
        for (int64_t c = 0; c < wholeColumns; c += 4) {
            transposeFour(from + r * fromRow + c, fromRow, to + c * toRow + r, toRow);
        }
        for (int64_t c = wholeColumns; c < columns; ++c) {
            for (int64_t i = r; i < r + 4; ++i)
                to[c * toRow + i] = from[i * fromRow + c];
        }
    }
    for (int64_t r = wholeRows; r < rows; ++r) {
        for (int64_t c = 0; c < columns; ++c)
            to[c * toRow + r] = from[r * fromRow + c];
    }
}

} // namespace strata::math::STRATA_ISA
