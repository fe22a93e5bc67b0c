// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/cells.h"
#include "engine/math/kernels/vector.h"

namespace strata::math::STRATA_ISA {
namespace {

/// As many floats as doubles fit into a register.
constexpr int kDoubles = kLanes / 2;
typedef float HalfInMemory __attribute__((vector_size(STRATA_LANES * 2), aligned(4), may_alias));
typedef double Doubles __attribute__((vector_size(STRATA_LANES * 4)));
typedef double DoublesInMemory __attribute__((vector_size(STRATA_LANES * 4), aligned(8), may_alias));

STRATA_INLINE Doubles loadWide(const float* p) {
    return __builtin_convertvector(*reinterpret_cast<const HalfInMemory*>(p), Doubles);
}
STRATA_INLINE void storeWide(double* p, Doubles v) {
    *reinterpret_cast<DoublesInMemory*>(p) = v;
}

STRATA_INLINE Doubles loadDoubles(const double* p) {
    return *reinterpret_cast<const DoublesInMemory*>(p);
}

/// Adds a and, if Products, a * b of one row.
template <int Count, bool Products>
STRATA_INLINE void addRow(const float* a, const float* b, Doubles (&sum)[Count], Doubles (&product)[Count]) {
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) {
        const Doubles u = loadWide(a + i * kDoubles);
        sum[i] += u;
        if (Products) product[i] += u * loadWide(b + i * kDoubles);
    }
}

/// Sums of a and, if Products, of a * b over the rows, for Count * kDoubles channels; added to what is there if More.
/// Even and odd rows are added by themselves: one chain of additions would wait for each.
template <int Count, bool Products, bool More>
void block(int64_t rows, int64_t stride, const float* a, const float* b, double* sums, double* products) {
    Doubles sum[Count] = {};
    Doubles product[Count] = {};
    Doubles oddSum[Count] = {};
    Doubles oddProduct[Count] = {};
    for (int i = 0; More && i < Count; ++i) {
        sum[i] = loadDoubles(sums + i * kDoubles);
        if (Products) product[i] = loadDoubles(products + i * kDoubles);
    }
    int64_t r = 0;
    for (; r + 2 <= rows; r += 2) {
        addRow<Count, Products>(a, b, sum, product);
        addRow<Count, Products>(a + stride, b + stride, oddSum, oddProduct);
        a += 2 * stride;
        b += 2 * stride;
    }
    if (r < rows) addRow<Count, Products>(a, b, sum, product);
#pragma GCC unroll 8
    for (int i = 0; i < Count; ++i) {
        storeWide(sums + i * kDoubles, sum[i] + oddSum[i]);
        if (Products) storeWide(products + i * kDoubles, product[i] + oddProduct[i]);
    }
}

template <bool Products, bool More>
void columns(int64_t rows, int64_t channels, int64_t stride, const float* a, const float* b, double* sums,
             double* products) {
    int64_t c = 0;
    for (; c + 4 * kDoubles <= channels; c += 4 * kDoubles) {
        block<4, Products, More>(rows, stride, a + c, b + c, sums + c, products + c);
    }
    for (; c + 2 * kDoubles <= channels; c += 2 * kDoubles) {
        block<2, Products, More>(rows, stride, a + c, b + c, sums + c, products + c);
    }
    for (; c + kDoubles <= channels; c += kDoubles) {
        block<1, Products, More>(rows, stride, a + c, b + c, sums + c, products + c);
    }
    if (c == channels) return;
    double sum[kDoubles] = {};
    double product[kDoubles] = {};
    const int64_t left = channels - c;
    for (int64_t i = 0; More && i < left; ++i) {
        sum[i] = sums[c + i];
        if (Products) product[i] = products[c + i];
    }
    for (int64_t r = 0; r < rows; ++r) {
        for (int64_t i = 0; i < left; ++i) {
            const double u = static_cast<double>(a[r * stride + c + i]);
            sum[i] += u;
            if (Products) product[i] += u * static_cast<double>(b[r * stride + c + i]);
        }
    }
    for (int64_t i = 0; i < left; ++i) {
        sums[c + i] = sum[i];
        if (Products) products[c + i] = product[i];
    }
}

void columnSums(int64_t rows, int64_t channels, int64_t stride, const float* x, double* sums) {
    columns<false, false>(rows, channels, stride, x, x, sums, sums);
}
void columnProducts(int64_t rows, int64_t channels, const float* a, const float* b, double* sums,
                    double* products) {
    columns<true, false>(rows, channels, channels, a, b, sums, products);
}
void addColumnProducts(int64_t rows, int64_t channels, const float* a, const float* b, double* sums,
                       double* products) {
    columns<true, true>(rows, channels, channels, a, b, sums, products);
}

} // namespace

extern const ColumnKernels kColumns;
const ColumnKernels kColumns = {columnSums, columnProducts, addColumnProducts};

} // namespace strata::math::STRATA_ISA
