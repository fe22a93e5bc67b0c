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

/// Where the cells of one step of a lie. Compilers like to keep one register a row and spill them; here a
/// pointer serves four rows through the address modes base + {0, 1, 2} * stride and base + 3 * stride. The
/// empty asm hides from the compiler that the pointers are related.
template <int Rows, bool RowsAdjacent>
class CellsOf {
public:
    STRATA_METHOD CellsOf(const Product& p, const float* a)
        : m_row(p.aRow)
        , m_row3(p.aRow * 3)
        , m_step(p.aStep) {
#pragma GCC unroll 8
        for (int q = 0; q < kPointers; ++q) {
            m_cells[q] = a + q * 4 * p.aRow;
            if (q > 0) asm("" : "+r"(m_cells[q]));
        }
        if (kPointers > 1) asm("" : "+r"(m_row3));
    }
    STRATA_METHOD float at(int m) const {
        if (RowsAdjacent) return m_cells[0][m];
        const float* base = m_cells[m / 4];
        return m % 4 == 3 ? base[m_row3] : base[m % 4 * m_row];
    }
    STRATA_METHOD void advance() {
#pragma GCC unroll 8
        for (int q = 0; q < kPointers; ++q)
            m_cells[q] += m_step;
    }

private:
    static constexpr int kPointers = RowsAdjacent ? 1 : (Rows + 3) / 4;
    const float* m_cells[kPointers];
    int64_t m_row, m_row3, m_step;
};

/// Rows x Vectors sums kept in registers over the whole chain. RowsAdjacent: aRow == 1, so that the addresses
/// of the rows are constants of the instruction.
template <int Rows, int Vectors, bool RowsAdjacent>
void block(const Product& p, const float* a, const float* b, float* c, const float* bias, Tail tail) {
    Vec sums[Rows][Vectors];
    constexpr int kLast = Vectors - 1;
    const int64_t cRow = p.cRow;
    if (p.accumulate) {
#pragma GCC unroll 32
        for (int m = 0; m < Rows; ++m) {
#pragma GCC unroll 8
            for (int v = 0; v < kLast; ++v)
                sums[m][v] = load(c + m * cRow + v * kLanes);
            sums[m][kLast] = load(c + m * cRow + kLast * kLanes, tail);
        }
    } else {
        Vec start[Vectors] = {};
        if (bias != nullptr) {
#pragma GCC unroll 8
            for (int v = 0; v < kLast; ++v)
                start[v] = load(bias + v * kLanes);
            start[kLast] = load(bias + kLast * kLanes, tail);
        }
#pragma GCC unroll 32
        for (int m = 0; m < Rows; ++m) {
#pragma GCC unroll 8
            for (int v = 0; v < Vectors; ++v)
                sums[m][v] = start[v];
        }
    }

    const int64_t bRow = p.bRow;
    const int64_t steps = p.steps;
    for (int64_t s = 0; s < p.segments; ++s) {
        CellsOf<Rows, RowsAdjacent> cells(p, a + (p.aOffsets != nullptr ? p.aOffsets[s] : s * p.aSegment));
        const float* bs = b + (p.bOffsets != nullptr ? p.bOffsets[s] : s * p.bSegment);
        for (int64_t k = 0; k < steps; ++k) {
            Vec row[Vectors];
#pragma GCC unroll 8
            for (int v = 0; v < kLast; ++v)
                row[v] = load(bs + v * kLanes);
            row[kLast] = load(bs + kLast * kLanes, tail);
#pragma GCC unroll 32
            for (int m = 0; m < Rows; ++m) {
                const Vec cell = broadcast(cells.at(m));
#pragma GCC unroll 8
                for (int v = 0; v < Vectors; ++v)
                    sums[m][v] += cell * row[v];
            }
            cells.advance();
            bs += bRow;
        }
    }

#pragma GCC unroll 32
    for (int m = 0; m < Rows; ++m) {
#pragma GCC unroll 8
        for (int v = 0; v < Vectors; ++v) {
            const Vec value = p.relu ? reluOf(sums[m][v]) : sums[m][v];
            if (v < kLast) {
                store(c + m * cRow + v * kLanes, value);
            } else {
                store(c + m * cRow + v * kLanes, value, tail);
            }
        }
    }
}

using Block = void (*)(const Product&, const float*, const float*, float*, const float*, Tail);

/// block<> for every [rows adjacent][vectors][rows] that fits into the registers.
struct Blocks {
    Block of[2][kMaxVectors + 1][kSums + 1] = {};
};

template <int Vectors, int Rows>
constexpr void addBlocks(Blocks& blocks) {
    if constexpr (Rows * Vectors <= kSums) {
        blocks.of[0][Vectors][Rows] = block<Rows, Vectors, false>;
        blocks.of[1][Vectors][Rows] = block<Rows, Vectors, true>;
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

} // namespace

/// Columns outside, rows inside: the columns of b that a block reads stay in the cache for all rows.
void product(const Product& p) {
    if (p.rows <= 0 || p.columns <= 0) return;
    const int64_t vectors = ceilDiv(p.columns, kLanes);
    const int64_t columnBlocks = ceilDiv(vectors, vectorsOfBlock(p.rows, vectors));
    const auto& byVectors = kBlocks.of[p.aRow == 1 ? 1 : 0];
    for (int64_t j = 0; j < columnBlocks; ++j) {
        const int64_t first = vectors * j / columnBlocks;
        const int64_t end = vectors * (j + 1) / columnBlocks;
        const int64_t column = first * kLanes;
        const Tail tail = tailOf(smaller(p.columns, end * kLanes) - (end - 1) * kLanes);
        const Block* byRows = byVectors[end - first];
        const int64_t rowBlocks = ceilDiv(p.rows, kSums / (end - first));
        for (int64_t i = 0; i < rowBlocks; ++i) {
            const int64_t row = p.rows * i / rowBlocks;
            byRows[p.rows * (i + 1) / rowBlocks - row](p, p.a + row * p.aRow, p.b + column,
                                                       p.c + row * p.cRow + column,
                                                       p.bias == nullptr ? nullptr : p.bias + column, tail);
        }
    }
}

} // namespace strata::math::STRATA_ISA
