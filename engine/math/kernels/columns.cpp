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

/// A register of floats as doubles.
struct Wide {
    Doubles halves[2] = {};

    STRATA_METHOD void add(Vec v) {
        Half parts[2];
        __builtin_memcpy(parts, &v, sizeof(parts));
        halves[0] += __builtin_convertvector(parts[0], Doubles);
        halves[1] += __builtin_convertvector(parts[1], Doubles);
    }
    STRATA_METHOD double lane(int i) const { return halves[i / kDoubles][i % kDoubles]; }
};

/// Calls row(r, sums, products) for all rows: it adds to one register each.
template <bool Products, class Row>
STRATA_INLINE void sumRows(int64_t rows, Wide& sums, Wide& products, Row row) {
    for (int64_t r = 0; r < rows;) {
        const int64_t end = rows - r < kRowsTogether ? rows : r + kRowsTogether;
        Vec sum[kChains] = {};
        Vec product[kChains] = {};
        for (; r + kChains <= end; r += kChains) {
#pragma GCC unroll 4
            for (int u = 0; u < kChains; ++u)
                row(r + u, sum[u], product[u]);
        }
        for (; r < end; ++r)
            row(r, sum[0], product[0]);
        sums.add((sum[0] + sum[1]) + (sum[2] + sum[3]));
        if (Products) products.add((product[0] + product[1]) + (product[2] + product[3]));
    }
}

/// Calls body(first channel, how many, get, put) for each register of channels, the last of them masked.
template <class Body>
STRATA_INLINE void forColumns(int64_t channels, Body body) {
    forVectors(
        channels, [&](int64_t c, auto get, auto put) __attribute__((always_inline)) {
            body(c, static_cast<int>(channels - c < kLanes ? channels - c : kLanes), get, put);
        });
}

void columnSums(int64_t rows, int64_t channels, int64_t stride, const float* x, double* sums) {
    forColumns(
        channels, [&](int64_t c, int count, auto get, auto) __attribute__((always_inline)) {
            Wide sum;
            Wide none;
            sumRows<false>(
                rows, sum, none,
                [&](int64_t r, Vec& s, Vec&) __attribute__((always_inline)) { s += get(x + r * stride + c); });
            for (int i = 0; i < count; ++i)
                sums[c + i] = sum.lane(i);
        });
}

void columnMoments(int64_t rows, int64_t channels, const float* x, double* sums, double* squares) {
    forColumns(
        channels, [&](int64_t c, int count, auto get, auto) __attribute__((always_inline)) {
            const Vec pivot = rows > 0 ? get(x + c) : Vec{};
            Wide sum;
            Wide square;
            sumRows<true>(
                rows, sum, square, [&](int64_t r, Vec& s, Vec& q) __attribute__((always_inline)) {
                    const Vec d = get(x + r * channels + c) - pivot;
                    s += d;
                    q += d * d;
                });
            for (int i = 0; i < count; ++i) {
                const double p = static_cast<double>(pivot[i]);
                const double n = static_cast<double>(rows);
                sums[c + i] = sum.lane(i) + n * p;
                squares[c + i] = square.lane(i) + p * (2 * sum.lane(i) + n * p);
            }
        });
}

/// value(a, b, row's and channel's place, put): a as it counts
template <class Value>
STRATA_INLINE void sumProducts(int64_t rows, int64_t channels, const float* a, const float* b, double* sums,
                               double* products, Value valueOf) {
    forColumns(
        channels, [&](int64_t c, int count, auto get, auto put) __attribute__((always_inline)) {
            const Vec pivot = rows > 0 ? get(b + c) : Vec{};
            const auto value = valueOf(c, get, put);
            Wide sum;
            Wide product;
            sumRows<true>(
                rows, sum, product, [&](int64_t r, Vec& s, Vec& q) __attribute__((always_inline)) {
                    const int64_t at = r * channels + c;
                    const Vec v = get(b + at);
                    const Vec u = value(at, get(a + at), v);
                    s += u;
                    q += u * (v - pivot);
                });
            for (int i = 0; i < count; ++i) {
                sums[c + i] = sum.lane(i);
                products[c + i] = product.lane(i) + static_cast<double>(pivot[i]) * sum.lane(i);
            }
        });
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
