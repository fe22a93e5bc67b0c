// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/winograd.h"
#include "engine/math/kernels/vector.h"

// Transforms of Winograd's minimal filtering F(MxM, 3x3), M = 2 and 4, on the points 0, 1, -1 (2, -2) and
// infinity (Lavin, Gray: "Fast algorithms for convolutional neural networks", CVPR 2016): Y = A^T [(G g G^T)
// * (B^T d B)] A. Each is applied to the columns of a tile, then to its rows; lanes are channels.
namespace strata::math::STRATA_ISA {
namespace {

/// One dimension of the four transforms and of those of the gradients, which are the transposed matrices.
/// M outputs, R taps.
template <int M, int R>
struct Points;

template <>
struct Points<2, 3> {
    /// B^T: 4 -> 4
    STRATA_INLINE void input(const Vec* d, Vec* v) {
        v[0] = d[0] - d[2];
        v[1] = d[1] + d[2];
        v[2] = d[2] - d[1];
        v[3] = d[1] - d[3];
    }
    /// B: 4 -> 4
    STRATA_INLINE void inputGradient(const Vec* v, Vec* d) {
        d[0] = v[0];
        d[1] = v[1] - v[2] + v[3];
        d[2] = v[1] + v[2] - v[0];
        d[3] = -v[3];
    }
    /// A^T: 4 -> 2
    STRATA_INLINE void output(const Vec* m, Vec* y) {
        y[0] = m[0] + m[1] + m[2];
        y[1] = m[1] - m[2] - m[3];
    }
    /// A: 2 -> 4
    STRATA_INLINE void gradient(const Vec* y, Vec* z) {
        z[0] = y[0];
        z[1] = y[0] + y[1];
        z[2] = y[0] - y[1];
        z[3] = -y[1];
    }
    /// G: 3 -> 4
    STRATA_INLINE void weights(const Vec* g, Vec* u) {
        const Vec ends = 0.5F * (g[0] + g[2]);
        u[0] = g[0];
        u[1] = ends + 0.5F * g[1];
        u[2] = ends - 0.5F * g[1];
        u[3] = g[2];
    }
    /// G^T: 4 -> 3
    STRATA_INLINE void weightGradient(const Vec* u, Vec* g) {
        const Vec even = 0.5F * (u[1] + u[2]);
        g[0] = u[0] + even;
        g[1] = 0.5F * (u[1] - u[2]);
        g[2] = even + u[3];
    }
};

template <>
struct Points<4, 3> {
    /// B^T: 6 -> 6
    STRATA_INLINE void input(const Vec* d, Vec* v) {
        const Vec a = d[4] - 4.0F * d[2];
        const Vec b = d[3] - 4.0F * d[1];
        const Vec c = d[4] - d[2];
        const Vec e = 2.0F * (d[3] - d[1]);
        v[0] = 4.0F * d[0] + (d[4] - 5.0F * d[2]);
        v[1] = a + b;
        v[2] = a - b;
        v[3] = c + e;
        v[4] = c - e;
        v[5] = 4.0F * d[1] + (d[5] - 5.0F * d[3]);
    }
    /// B: 6 -> 6
    STRATA_INLINE void inputGradient(const Vec* v, Vec* d) {
        const Vec sum1 = v[1] + v[2];
        const Vec difference1 = v[1] - v[2];
        const Vec sum2 = v[3] + v[4];
        const Vec difference2 = v[3] - v[4];
        d[0] = 4.0F * v[0];
        d[1] = 4.0F * (v[5] - difference1) - 2.0F * difference2;
        d[2] = -5.0F * v[0] - (4.0F * sum1 + sum2);
        d[3] = (difference1 + 2.0F * difference2) - 5.0F * v[5];
        d[4] = v[0] + (sum1 + sum2);
        d[5] = v[5];
    }
    /// A^T: 6 -> 4
    STRATA_INLINE void output(const Vec* m, Vec* y) {
        const Vec a = m[1] + m[2];
        const Vec b = m[1] - m[2];
        const Vec c = m[3] + m[4];
        const Vec e = m[3] - m[4];
        y[0] = m[0] + (a + c);
        y[1] = b + 2.0F * e;
        y[2] = a + 4.0F * c;
        y[3] = (b + m[5]) + 8.0F * e;
    }
    /// A: 4 -> 6
    STRATA_INLINE void gradient(const Vec* y, Vec* z) {
        const Vec even = y[0] + y[2];
        const Vec odd = y[1] + y[3];
        const Vec even2 = y[0] + 4.0F * y[2];
        const Vec odd2 = 2.0F * y[1] + 8.0F * y[3];
        z[0] = y[0];
        z[1] = even + odd;
        z[2] = even - odd;
        z[3] = even2 + odd2;
        z[4] = even2 - odd2;
        z[5] = y[3];
    }
    /// G: 3 -> 6
    STRATA_INLINE void weights(const Vec* g, Vec* u) {
        const Vec ends = (-1.0F / 6) * (g[0] + g[2]);
        const Vec middle = (1.0F / 6) * g[1];
        const Vec outer = (1.0F / 24) * g[0] + (1.0F / 6) * g[2];
        const Vec half = (1.0F / 12) * g[1];
        u[0] = 0.25F * g[0];
        u[1] = ends - middle;
        u[2] = ends + middle;
        u[3] = outer + half;
        u[4] = outer - half;
        u[5] = g[2];
    }
    /// G^T: 6 -> 3
    STRATA_INLINE void weightGradient(const Vec* u, Vec* g) {
        const Vec a = u[1] + u[2];
        const Vec c = u[3] + u[4];
        g[0] = 0.25F * u[0] + ((1.0F / 24) * c - (1.0F / 6) * a);
        g[1] = (1.0F / 6) * (u[2] - u[1]) + (1.0F / 12) * (u[3] - u[4]);
        g[2] = (1.0F / 6) * (c - a) + u[5];
    }
};

template <>
struct Points<2, 5> {
    /// B^T: 6 -> 6, as the points are the same
    STRATA_INLINE void input(const Vec* d, Vec* v) { Points<4, 3>::input(d, v); }
    STRATA_INLINE void inputGradient(const Vec* v, Vec* d) { Points<4, 3>::inputGradient(v, d); }
    /// A^T: 6 -> 2
    STRATA_INLINE void output(const Vec* m, Vec* y) {
        y[0] = m[0] + ((m[1] + m[2]) + (m[3] + m[4]));
        y[1] = ((m[1] - m[2]) + m[5]) + 2.0F * (m[3] - m[4]);
    }
    /// A: 2 -> 6
    STRATA_INLINE void gradient(const Vec* y, Vec* z) {
        z[0] = y[0];
        z[1] = y[0] + y[1];
        z[2] = y[0] - y[1];
        z[3] = y[0] + 2.0F * y[1];
        z[4] = y[0] - 2.0F * y[1];
        z[5] = y[1];
    }
    /// G: 5 -> 6
    STRATA_INLINE void weights(const Vec* g, Vec* u) {
        const Vec even = (-1.0F / 6) * (g[0] + g[2] + g[4]);
        const Vec odd = (1.0F / 6) * (g[1] + g[3]);
        const Vec even2 = (1.0F / 24) * g[0] + ((1.0F / 6) * g[2] + (2.0F / 3) * g[4]);
        const Vec odd2 = (1.0F / 12) * g[1] + (1.0F / 3) * g[3];
        u[0] = 0.25F * g[0];
        u[1] = even - odd;
        u[2] = even + odd;
        u[3] = even2 + odd2;
        u[4] = even2 - odd2;
        u[5] = g[4];
    }
    /// G^T: 6 -> 5
    STRATA_INLINE void weightGradient(const Vec* u, Vec* g) {
        const Vec sum1 = (-1.0F / 6) * (u[1] + u[2]);
        const Vec difference1 = (1.0F / 6) * (u[2] - u[1]);
        const Vec sum2 = (1.0F / 24) * (u[3] + u[4]);
        const Vec difference2 = (1.0F / 12) * (u[3] - u[4]);
        g[0] = 0.25F * u[0] + (sum1 + sum2);
        g[1] = difference1 + difference2;
        g[2] = sum1 + 4.0F * sum2;
        g[3] = difference1 + 4.0F * difference2;
        g[4] = (sum1 + 16.0F * sum2) + u[5];
    }
};

using Step = void (*)(const Vec*, Vec*);

/// Values between the two sides of a transform that the registers hold.
constexpr int kMostInWork = STRATA_LANES == 16 ? 24 : 12;

/// Applies a one-dimensional step From -> To to the columns of `in`, then to the rows: out = S in S^T.
/// in(i, j) loads a cell, out(i, row) takes row i. Only so many rows are in work as there are registers for: cells are
/// loaded again for the others (what a column does not need for them the compiler leaves out), which is cheaper than
/// to put them aside. Where Alternate, even rows come first: they share sums.
template <int From, int To, Step S, bool Alternate = false, class In, class Out>
STRATA_INLINE void bothSides(In in, Out out) {
    constexpr int kParts = From * To > kMostInWork && To % 2 == 0 ? 2 : 1;
    constexpr int kRows = To / kParts;
#pragma GCC unroll 2
    for (int part = 0; part < kParts; ++part) {
        Vec half[kRows][From];
#pragma GCC unroll 6
        for (int column = 0; column < From; ++column) {
            Vec from[From];
            Vec to[To];
#pragma GCC unroll 6
            for (int i = 0; i < From; ++i)
                from[i] = in(i, column);
            S(from, to);
#pragma GCC unroll 6
            for (int i = 0; i < kRows; ++i)
                half[i][column] = to[Alternate ? kParts * i + part : part * kRows + i];
        }
#pragma GCC unroll 6
        for (int i = 0; i < kRows; ++i) {
            Vec row[To];
            S(half[i], row);
            out(Alternate ? kParts * i + part : part * kRows + i, row);
        }
    }
}

/// Row i of a transformed tile, a plane for each cell. Whole vectors: there is room for the lanes behind the last
/// channel, which are 0.
template <int Side>
STRATA_INLINE void storePlanes(int i, const Vec* row, float* to, int64_t plane) {
#pragma GCC unroll 6
    for (int j = 0; j < Side; ++j)
        store(to + (i * Side + j) * plane, row[j]);
}

#define STRATA_IN [&](int i, int j) __attribute__((always_inline))
#define STRATA_OUT [&](int i, const Vec* row) __attribute__((always_inline))

template <int M, int R>
void inputTiles(const WinogradTiles& t, const float* x, float* v, int64_t plane) {
    constexpr int kSide = M + R - 1;
    for (int64_t tile = 0; tile < t.count; ++tile, x += M * t.pixel, v += t.step) {
        forVectors(
            t.channels, [&](int64_t c, auto get, auto) __attribute__((always_inline)) {
                bothSides<kSide, kSide, Points<M, R>::input>(
                    STRATA_IN { return get(x + i * t.row + j * t.pixel + c); },
                    STRATA_OUT { storePlanes<kSide>(i, row, v + c, plane); });
            });
    }
}

template <int M, int R>
void inputGradientTiles(const WinogradTiles& t, const float* v, int64_t plane, float* dx) {
    constexpr int kSide = M + R - 1;
    for (int64_t tile = 0; tile < t.count; ++tile, dx += M * t.pixel, v += t.step) {
        forVectors(
            t.channels, [&](int64_t c, auto get, auto put) __attribute__((always_inline)) {
                bothSides<kSide, kSide, Points<M, R>::inputGradient, true>(
                    STRATA_IN { return load(v + (i * kSide + j) * plane + c); },
                    STRATA_OUT {
#pragma GCC unroll 6
                        for (int j = 0; j < kSide; ++j) {
                            float* cell = dx + i * t.row + j * t.pixel + c;
                            put(cell, get(cell) + row[j]);
                        }
                    });
            });
    }
}

/// Whole: all M x M outputs exist.
template <int M, int R, bool Whole>
STRATA_INLINE void outputTilesOf(const WinogradTiles& t, const float* m, int64_t plane, const float* bias, bool relu,
                                 float* y) {
    constexpr int kSide = M + R - 1;
    for (int64_t tile = 0; tile < t.count; ++tile, y += M * t.pixel, m += t.step) {
        forVectors(
            t.channels, [&](int64_t c, auto get, auto put) __attribute__((always_inline)) {
                const Vec start = bias != nullptr ? get(bias + c) : Vec{};
                bothSides<kSide, M, Points<M, R>::output>(
                    STRATA_IN { return load(m + (i * kSide + j) * plane + c); },
                    STRATA_OUT {
                        if (!Whole && i >= t.rows) return;
#pragma GCC unroll 4
                        for (int j = 0; j < M; ++j) {
                            if (!Whole && j >= t.columns) break;
                            const Vec value = row[j] + start;
                            put(y + i * t.row + j * t.pixel + c, relu ? reluOf(value) : value);
                        }
                    });
            });
    }
}
template <int M, int R>
void outputTiles(const WinogradTiles& t, const float* m, int64_t plane, const float* bias, bool relu, float* y) {
    if (t.rows == M && t.columns == M)
        outputTilesOf<M, R, true>(t, m, plane, bias, relu, y);
    else
        outputTilesOf<M, R, false>(t, m, plane, bias, relu, y);
}

/// What a normalization behind the convolution makes of its gradient, or nothing.
struct GradientFactors {
    const float *y, *a, *b, *c;
};

template <int M, int R, bool Mapped, bool Whole>
STRATA_INLINE void gradientTilesOf(const WinogradTiles& t, const float* dy, GradientFactors f, float* z, int64_t plane) {
    constexpr int kSide = M + R - 1;
    for (int64_t tile = 0; tile < t.count; ++tile, dy += M * t.pixel, z += t.step) {
        forVectors(
            t.channels, [&](int64_t c, auto get, auto) __attribute__((always_inline)) {
                bothSides<M, kSide, Points<M, R>::gradient>(
                    STRATA_IN {
                        if (!Whole && (i >= t.rows || j >= t.columns)) return Vec{};
                        const int64_t at = i * t.row + j * t.pixel + c;
                        const Vec g = get(dy + at);
                        return Mapped ? get(f.a + c) * g + (get(f.b + c) * get(f.y + at) + get(f.c + c)) : g;
                    },
                    STRATA_OUT { storePlanes<kSide>(i, row, z + c, plane); });
            });
        if (Mapped) f.y += M * t.pixel;
    }
}
template <int M, int R, bool Mapped>
STRATA_INLINE void gradientTilesOf(const WinogradTiles& t, const float* dy, GradientFactors f, float* z, int64_t plane) {
    if (t.rows == M && t.columns == M)
        gradientTilesOf<M, R, Mapped, true>(t, dy, f, z, plane);
    else
        gradientTilesOf<M, R, Mapped, false>(t, dy, f, z, plane);
}

template <int M, int R>
void gradientTiles(const WinogradTiles& t, const float* dy, float* z, int64_t plane) {
    gradientTilesOf<M, R, false>(t, dy, {}, z, plane);
}
template <int M, int R>
void mappedGradientTiles(const WinogradTiles& t, const float* dy, const float* y, const float* a, const float* b,
                         const float* c, float* z, int64_t plane) {
    gradientTilesOf<M, R, true>(t, dy, {y, a, b, c}, z, plane);
}

template <int M, int R>
void weightsTile(const float* w, int64_t tap, int64_t count, float* u, int64_t plane) {
    constexpr int kSide = M + R - 1;
    forVectors(
        count, [&](int64_t c, auto get, auto) __attribute__((always_inline)) {
            bothSides<R, kSide, Points<M, R>::weights>(
                STRATA_IN { return get(w + (i * R + j) * tap + c); },
                STRATA_OUT { storePlanes<kSide>(i, row, u + c, plane); });
        });
}

template <int M, int R>
void weightGradientTile(const float* u, int64_t plane, int64_t count, float* dw, int64_t tap) {
    constexpr int kSide = M + R - 1;
    forVectors(
        count, [&](int64_t c, auto, auto put) __attribute__((always_inline)) {
            bothSides<kSide, R, Points<M, R>::weightGradient>(
                STRATA_IN { return load(u + (i * kSide + j) * plane + c); },
                STRATA_OUT {
#pragma GCC unroll 5
                    for (int j = 0; j < R; ++j)
                        put(dw + (i * R + j) * tap + c, row[j]);
                });
        });
}

} // namespace

template <int M, int R>
constexpr WinogradKernels kernelsOf() {
    return {inputTiles<M, R>,    inputGradientTiles<M, R>, outputTiles<M, R>,
            gradientTiles<M, R>, mappedGradientTiles<M, R>, weightsTile<M, R>, weightGradientTile<M, R>};
}

extern const WinogradKernels kWinograd2x3;
const WinogradKernels kWinograd2x3 = kernelsOf<2, 3>();
extern const WinogradKernels kWinograd4x3;
const WinogradKernels kWinograd4x3 = kernelsOf<4, 3>();
extern const WinogradKernels kWinograd2x5;
const WinogradKernels kWinograd2x5 = kernelsOf<2, 5>();

} // namespace strata::math::STRATA_ISA
