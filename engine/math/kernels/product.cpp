// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/product.h"
#include "engine/math/kernels/vector.h"

namespace strata::math::STRATA_ISA {
namespace {

// Registers decide the block: 32 vector registers hold 24 sums, 16 hold 12.
#if STRATA_LANES == 16
constexpr int kSums = 24;
constexpr int kMaxVectors = 6;
constexpr int kWideVectors = 4; // with many rows
constexpr int kFewVectors = 3;
#else
constexpr int kSums = 12;
constexpr int kMaxVectors = 3;
constexpr int kWideVectors = 2;
constexpr int kFewVectors = 2;
#endif

/// How a is walked: its rows one float apart, its steps one float apart, or neither.
enum class Walk { Rows, Steps, Any };

/// Steps that are unrolled: what counts and advances pointers would take turns from the multipliers.
template <Walk W>
constexpr int kUnroll = W == Walk::Any ? 1 : 4;

/// Address of step u < 4 through the address modes base + {0, 1, 2} * stride and base + 3 * stride. The empty asm
/// hides from the compiler that the strides are related: it would keep one register for each.
class Strided {
public:
    STRATA_METHOD explicit Strided(int64_t stride)
        : m_stride(stride)
        , m_stride3(stride * 3) {
        asm("" : "+r"(m_stride3));
    }
    STRATA_METHOD const float* at(const float* base, int u) const {
        return u == 3 ? base + m_stride3 : base + u * m_stride;
    }

private:
    int64_t m_stride, m_stride3;
};

/// Where the cells of the steps of a lie. Compilers like to keep one register a row and spill them; here a pointer
/// serves four rows.
template <int Rows, Walk W>
class CellsOf {
public:
    STRATA_METHOD CellsOf(const Product& p, const float* a)
        : m_stride(W == Walk::Rows ? p.aStep : p.aRow)
        , m_step(p.aStep) {
#pragma GCC unroll 8
        for (int q = 0; q < kPointers; ++q) {
            m_cells[q] = a + q * 4 * p.aRow;
            if (q > 0) asm("" : "+r"(m_cells[q]));
        }
    }
    /// Row m of step u
    STRATA_METHOD float at(int m, int u) const {
        if (W == Walk::Rows) return m_stride.at(m_cells[0], u)[m];
        return m_stride.at(m_cells[m / 4], m % 4)[u];
    }
    STRATA_METHOD void advance(int steps) {
#pragma GCC unroll 8
        for (int q = 0; q < kPointers; ++q)
            m_cells[q] += W == Walk::Steps ? steps : steps * m_step;
    }

private:
    static constexpr int kPointers = W == Walk::Rows ? 1 : (Rows + 3) / 4;
    const float* m_cells[kPointers];
    Strided m_stride;
    int64_t m_step;
};

/// The last vector of a row: whole, or its first lanes. (A masked load takes a turn from the multipliers.)
template <bool Masked>
STRATA_INLINE Vec loadLast(const float* p, Tail tail) {
    if constexpr (Masked)
        return load(p, tail);
    else
        return load(p);
}
template <bool Masked>
STRATA_INLINE void storeLast(float* p, Vec v, Tail tail) {
    if constexpr (Masked)
        store(p, v, tail);
    else
        store(p, v);
}

template <int Rows, int Vectors>
using Sums = Vec[Rows][Vectors];

/// sums += cells * b for the adjacent steps u < Steps
template <int Steps, int Rows, int Vectors, Walk W, bool Masked>
STRATA_INLINE void multiplySteps(Sums<Rows, Vectors>& sums, const CellsOf<Rows, W>& cells, const float* b,
                                 const Strided& bRow, Tail tail) {
#pragma GCC unroll 4
    for (int u = 0; u < Steps; ++u) {
        const float* from = bRow.at(b, u);
        Vec row[Vectors];
#pragma GCC unroll 8
        for (int v = 0; v < Vectors - 1; ++v)
            row[v] = load(from + v * kLanes);
        row[Vectors - 1] = loadLast<Masked>(from + (Vectors - 1) * kLanes, tail);
#pragma GCC unroll 32
        for (int m = 0; m < Rows; ++m) {
            const Vec cell = broadcast(cells.at(m, u));
#pragma GCC unroll 8
            for (int v = 0; v < Vectors; ++v)
                sums[m][v] += cell * row[v];
        }
    }
}

template <bool Relu, int Rows, int Vectors, bool Masked>
STRATA_INLINE void storeSums(const Sums<Rows, Vectors>& sums, float* c, int64_t cRow, Tail tail) {
#pragma GCC unroll 32
    for (int m = 0; m < Rows; ++m) {
#pragma GCC unroll 8
        for (int v = 0; v < Vectors; ++v) {
            const Vec value = Relu ? reluOf(sums[m][v]) : sums[m][v];
            if (v < Vectors - 1)
                store(c + m * cRow + v * kLanes, value);
            else
                storeLast<Masked>(c + m * cRow + v * kLanes, value, tail);
        }
    }
}

/// Rows x Vectors sums kept in registers over the whole chain.
template <int Rows, int Vectors, Walk W, bool Masked>
STRATA_INLINE void onePlane(const Product& p, const float* a, const float* b, float* c, const float* bias, Tail tail) {
    Sums<Rows, Vectors> sums;
    constexpr int kLast = Vectors - 1;
    const int64_t cRow = p.cRow;
    if (p.accumulate) {
#pragma GCC unroll 32
        for (int m = 0; m < Rows; ++m) {
#pragma GCC unroll 8
            for (int v = 0; v < kLast; ++v)
                sums[m][v] = load(c + m * cRow + v * kLanes);
            sums[m][kLast] = loadLast<Masked>(c + m * cRow + kLast * kLanes, tail);
        }
    } else {
        Vec start[Vectors] = {};
        if (bias != nullptr) {
#pragma GCC unroll 8
            for (int v = 0; v < kLast; ++v)
                start[v] = load(bias + v * kLanes);
            start[kLast] = loadLast<Masked>(bias + kLast * kLanes, tail);
        }
#pragma GCC unroll 32
        for (int m = 0; m < Rows; ++m) {
#pragma GCC unroll 8
            for (int v = 0; v < Vectors; ++v)
                sums[m][v] = start[v];
        }
    }

    constexpr int kSteps = kUnroll<W>;
    const Strided bRow(p.bRow);
    for (int64_t s = 0; s < p.segments; ++s) {
        CellsOf<Rows, W> cells(p, a + (p.aOffsets != nullptr ? p.aOffsets[s] : s * p.aSegment));
        const float* bs = b + (p.bOffsets != nullptr ? p.bOffsets[s] : s * p.bSegment);
        int64_t k = p.steps;
        for (; k >= kSteps; k -= kSteps) {
            multiplySteps<kSteps, Rows, Vectors, W, Masked>(sums, cells, bs, bRow, tail);
            cells.advance(kSteps);
            bs += kSteps * p.bRow;
        }
        for (; k > 0; --k) {
            multiplySteps<1, Rows, Vectors, W, Masked>(sums, cells, bs, bRow, tail);
            cells.advance(1);
            bs += p.bRow;
        }
    }
    if (p.relu)
        storeSums<true, Rows, Vectors, Masked>(sums, c, cRow, tail);
    else
        storeSums<false, Rows, Vectors, Masked>(sums, c, cRow, tail);
}

template <int Rows, int Vectors, Walk W, bool Masked>
void block(const Product& p, int64_t planes, const float* a, const float* b, float* c, const float* bias, Tail tail) {
    for (int64_t plane = 0; plane < planes; ++plane) {
        onePlane<Rows, Vectors, W, Masked>(p, a + plane * p.aPlane, b + plane * p.bPlane, c + plane * p.cPlane, bias,
                                           tail);
    }
}

using Block = void (*)(const Product&, int64_t, const float*, const float*, float*, const float*, Tail);

/// block<> for every [walk][masked][vectors][rows] that fits into the registers.
struct Blocks {
    Block of[3][2][kMaxVectors + 1][kSums + 1] = {};
};

template <int Vectors, int Rows>
constexpr void addBlocks(Blocks& blocks) {
    if constexpr (Rows * Vectors <= kSums) {
        blocks.of[0][0][Vectors][Rows] = block<Rows, Vectors, Walk::Rows, false>;
        blocks.of[0][1][Vectors][Rows] = block<Rows, Vectors, Walk::Rows, true>;
        blocks.of[1][0][Vectors][Rows] = block<Rows, Vectors, Walk::Steps, false>;
        blocks.of[1][1][Vectors][Rows] = block<Rows, Vectors, Walk::Steps, true>;
        blocks.of[2][0][Vectors][Rows] = block<Rows, Vectors, Walk::Any, true>;
        blocks.of[2][1][Vectors][Rows] = block<Rows, Vectors, Walk::Any, true>;
    }
    if constexpr (Rows > 1) {
        addBlocks<Vectors, Rows - 1>(blocks);
    } else if constexpr (Vectors > 1) {
        addBlocks<Vectors - 1, kSums>(blocks);
    }
}

constexpr Blocks makeBlocks() {
    Blocks blocks;
    addBlocks<kMaxVectors, kSums>(blocks);
    return blocks;
}
constexpr Blocks kBlocks = makeBlocks();

int64_t ceilDiv(int64_t a, int64_t b) {
    return (a + b - 1) / b;
}
int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/// Vectors of a block: as many as leave room for all rows, so that b is read once, unless that
/// leaves too few to make use of each broadcast cell.
int64_t vectorsOfBlock(int64_t rows, int64_t vectors) {
    int64_t most = kSums / (rows < kSums ? rows : kSums);
    if (most < kFewVectors) most = kWideVectors;
    if (most > kMaxVectors) most = kMaxVectors;
    return smaller(vectors, most);
}

/// `total` cut into equal blocks, the first `larger` of them being one more. Divided once: small products would spend
/// as long on divisions as on the work.
struct Cut {
    int64_t blocks, size, larger;
    int64_t sizeOf(int64_t block) const { return size + (block < larger ? 1 : 0); }
};
Cut cutInto(int64_t total, int64_t blocks) {
    return {blocks, total / blocks, total % blocks};
}

struct Cuts {
    Cut columns;    ///< of vectors
    Cut rows[2];    ///< for the larger blocks of columns, for the others
};
Cuts cutsOf(const Product& p) {
    const int64_t vectors = ceilDiv(p.columns, kLanes);
    Cuts cuts{cutInto(vectors, ceilDiv(vectors, vectorsOfBlock(p.rows, vectors))), {}};
    if (cuts.columns.larger > 0) cuts.rows[0] = cutInto(p.rows, ceilDiv(p.rows, kSums / (cuts.columns.size + 1)));
    cuts.rows[1] = cutInto(p.rows, ceilDiv(p.rows, kSums / cuts.columns.size));
    return cuts;
}

/// The planes [first, first + planes) of p. Columns outside, rows inside: the columns of b that a block reads stay in
/// the cache for all rows.
void multiplyPlanes(const Product& p, const Cuts& cuts, int64_t firstPlane, int64_t planes) {
    const auto& byMask = kBlocks.of[p.aRow == 1 ? 0 : (p.aStep == 1 ? 1 : 2)];
    const float* const firstCell = p.a + firstPlane * p.aPlane;
    const float* b = p.b + firstPlane * p.bPlane;
    float* firstSum = p.c + firstPlane * p.cPlane;
    int64_t column = 0;
    for (int64_t j = 0; j < cuts.columns.blocks; ++j) {
        const int64_t vectors = cuts.columns.sizeOf(j);
        const int64_t last = smaller(p.columns - column, vectors * kLanes) - (vectors - 1) * kLanes;
        const Tail tail = tailOf(last);
        const Block* byRows = byMask[last < kLanes ? 1 : 0][vectors];
        const Cut& rows = cuts.rows[j < cuts.columns.larger ? 0 : 1];
        const float* const bias = p.bias == nullptr ? nullptr : p.bias + column;
        const float* a = firstCell;
        float* c = firstSum;
        for (int64_t i = 0; i < rows.blocks; ++i) {
            const int64_t count = rows.sizeOf(i);
            byRows[count](p, planes, a, b, c, bias, tail);
            a += count * p.aRow;
            c += count * p.cRow;
        }
        column += vectors * kLanes;
        b += vectors * kLanes;
        firstSum += vectors * kLanes;
    }
}

} // namespace

void product(const Product& p) {
    if (p.rows <= 0 || p.columns <= 0) return;
    const Cuts cuts = cutsOf(p);
    if (p.planes <= 1) return multiplyPlanes(p, cuts, 0, 1);
    // Small planes cost more in calls than in work.
    if (p.rows * ceilDiv(p.columns, kLanes) <= kSums) return multiplyPlanes(p, cuts, 0, p.planes);
    for (int64_t plane = 0; plane < p.planes; ++plane)
        multiplyPlanes(p, cuts, plane, 1);
}

} // namespace strata::math::STRATA_ISA
