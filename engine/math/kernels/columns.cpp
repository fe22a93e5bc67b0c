// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/cells.h"
#include "engine/math/kernels/vector.h"

// A few rows are added in float, a register of channels at a time; what they give is added in double. Products are
// made of values around the first row's (the pivot), so that rounding is relative to the spread of a channel and not
// to its mean; what the pivot took away comes back in double.
namespace strata::math::STRATA_ISA {
namespace {

constexpr int kRowsTogether = 32;
/// Rows that are added by themselves: one chain of additions would wait for each. The same for any width of
/// registers, so that all give the same bits.
constexpr int kChains = 4;

constexpr int kDoubles = kLanes / 2;
typedef float Half __attribute__((vector_size(STRATA_LANES * 2)));
typedef double Doubles __attribute__((vector_size(STRATA_LANES * 4)));

/// sums(count) += v, as doubles
STRATA_INLINE void addTo(double* sums, Vec v, int count) {
    if (count < kLanes) {
        for (int i = 0; i < count; ++i)
            sums[i] += static_cast<double>(v[i]);
        return;
    }
    typedef Doubles DoublesInMemory __attribute__((aligned(8), may_alias));
    Half parts[2];
    __builtin_memcpy(parts, &v, sizeof(parts));
    DoublesInMemory* const to = reinterpret_cast<DoublesInMemory*>(sums);
    to[0] += __builtin_convertvector(parts[0], Doubles);
    to[1] += __builtin_convertvector(parts[1], Doubles);
}

/// Sums down the columns. rowOf(first channel, get, put) makes what is called as row(r, sum, product) for all rows in
/// turn and adds to one register each. A few rows at a time are taken from side to side, so that memory is read in its
/// order. products may be null.
template <bool Products, class RowOf>
STRATA_INLINE void sumRows(int64_t rows, int64_t channels, double* sums, double* products, RowOf rowOf) {
    for (int64_t c = 0; c < channels; ++c)
        sums[c] = 0;
    for (int64_t c = 0; Products && c < channels; ++c)
        products[c] = 0;
    for (int64_t first = 0; first < rows; first += kRowsTogether) {
        const int64_t end = rows - first < kRowsTogether ? rows : first + kRowsTogether;
        forVectors(
            channels, [&](int64_t c, auto get, auto put) __attribute__((always_inline)) {
                const auto row = rowOf(c, get, put);
                Vec sum[kChains] = {};
                Vec product[kChains] = {};
                int64_t r = first;
                for (; r + kChains <= end; r += kChains) {
#pragma GCC unroll 4
                    for (int u = 0; u < kChains; ++u)
                        row(r + u, sum[u], product[u]);
                }
                for (; r < end; ++r)
                    row(r, sum[0], product[0]);
                const int count = static_cast<int>(channels - c < kLanes ? channels - c : kLanes);
                addTo(sums + c, (sum[0] + sum[1]) + (sum[2] + sum[3]), count);
                if (Products) addTo(products + c, (product[0] + product[1]) + (product[2] + product[3]), count);
            });
    }
}

void columnSums(int64_t rows, int64_t channels, int64_t stride, const float* x, double* sums) {
    sumRows<false>(
        rows, channels, sums, nullptr, [&](int64_t c, auto get, auto) __attribute__((always_inline)) {
            return [=](int64_t r, Vec& s, Vec&) __attribute__((always_inline)) { s += get(x + r * stride + c); };
        });
}

void columnMoments(int64_t rows, int64_t channels, const float* x, double* sums, double* squares) {
    sumRows<true>(
        rows, channels, sums, squares, [&](int64_t c, auto get, auto) __attribute__((always_inline)) {
            const Vec pivot = get(x + c);
            return [=](int64_t r, Vec& s, Vec& q) __attribute__((always_inline)) {
                const Vec d = get(x + r * channels + c) - pivot;
                s += d;
                q += d * d;
            };
        });
    const double n = static_cast<double>(rows);
    for (int64_t c = 0; c < channels && rows > 0; ++c) {
        const double p = static_cast<double>(x[c]);
        squares[c] += p * (2 * sums[c] + n * p);
        sums[c] += n * p;
    }
}

/// valueOf(first channel, get, put) makes value(row's and channel's place, a, b): a as it counts
template <class Value>
STRATA_INLINE void sumProducts(int64_t rows, int64_t channels, const float* a, const float* b, double* sums,
                               double* products, Value valueOf) {
    sumRows<true>(
        rows, channels, sums, products, [&](int64_t c, auto get, auto put) __attribute__((always_inline)) {
            const Vec pivot = get(b + c);
            const auto value = valueOf(c, get, put);
            return [=](int64_t r, Vec& s, Vec& q) __attribute__((always_inline)) {
                const int64_t at = r * channels + c;
                const Vec v = get(b + at);
                const Vec u = value(at, get(a + at), v);
                s += u;
                q += u * (v - pivot);
            };
        });
    for (int64_t c = 0; c < channels && rows > 0; ++c)
        products[c] += static_cast<double>(b[c]) * sums[c];
}

void columnProducts(int64_t rows, int64_t channels, const float* a, const float* b, double* sums, double* products) {
    sumProducts(
        rows, channels, a, b, sums, products, [](int64_t, auto, auto) __attribute__((always_inline)) {
            return [](int64_t, Vec u, Vec) __attribute__((always_inline)) { return u; };
        });
}

void columnProductsBehindRelu(int64_t rows, int64_t channels, float* a, const float* b, const float* scale,
                              const float* shift, double* sums, double* products) {
    sumProducts(
        rows, channels, a, b, sums, products, [&](int64_t c, auto get, auto put) __attribute__((always_inline)) {
            const Vec by = get(scale + c);
            const Vec plus = get(shift + c);
            return [=](int64_t at, Vec u, Vec v) __attribute__((always_inline)) {
                const Vec kept = v * by + plus > 0.0F ? u : Vec{};
                put(a + at, kept);
                return kept;
            };
        });
}

} // namespace

extern const ColumnKernels kColumns;
const ColumnKernels kColumns = {columnSums, columnMoments, columnProducts, columnProductsBehindRelu};

} // namespace strata::math::STRATA_ISA
