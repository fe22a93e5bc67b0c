// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/dense.h"

#include "engine/core/workers.h"
#include "engine/math/kernels/table.h"
#include "engine/math/reductions.h"

#include <algorithm>

namespace strata::math {
namespace {

/// Rows of the right-hand matrix that are used up before the next ones are fetched. The sums wait in c
/// meanwhile, which changes no bit.
constexpr std::int64_t kDepth = 256;

/// A part of the result: rows x columns cells from (firstRow, firstColumn).
struct Part {
    std::int64_t firstRow, rows, firstColumn, columns;
};

/// Any cut gives the same bits, since every cell is one chain; so this one may look at the number of workers.
/// Parts are whole multiples of 16 columns, and several a worker, so that a thread put aside by the system
/// holds up little.
class Grid {
public:
    Grid(std::int64_t rows, std::int64_t columns, std::int64_t leastRows, int workers)
        : m_rows(rows)
        , m_columns(columns) {
        const std::int64_t wanted = workers == 1 ? 1 : workers * std::int64_t{3};
        const std::int64_t mostColumns = std::max<std::int64_t>(1, columns / 96);
        m_columnParts = std::min(mostColumns, wanted);
        m_rowParts =
            std::clamp<std::int64_t>(wanted / m_columnParts, 1, std::max<std::int64_t>(1, rows / leastRows));
    }
    std::int64_t parts() const { return m_rowParts * m_columnParts; }
    Part part(std::int64_t index) const {
        const ChunkRange rows = chunkRange(m_rows, m_rowParts, index / m_columnParts);
        const std::int64_t units = (m_columns + 15) / 16;
        const ChunkRange columns = chunkRange(units, m_columnParts, index % m_columnParts);
        const std::int64_t first = columns.first * 16;
        return {rows.first, rows.size, first, std::min(m_columns, first + columns.size * 16) - first};
    }

private:
    std::int64_t m_rows, m_columns, m_rowParts = 1, m_columnParts = 1;
};

/// Columns of w that are copied side by side first: rows of w that lie a power of two apart would meet in the
/// same few sets of the cache.
constexpr std::int64_t kPanel = 96;

/// A batch so long that the multiplications take longer than fetching the weights is cut in other ways.
constexpr std::int64_t kMostSlicedRows = 64;

/// Sums over many inputs are made slice by slice, and the slices added in their order: then a core may keep its slices of
/// large weights in its cache from the forward pass to the update, which all cut them in the same way.
constexpr std::int64_t kSliceDepth = 640;
constexpr std::int64_t kMostSlices = 8;
std::int64_t slicesOf(std::int64_t in) {
    return std::clamp<std::int64_t>(in / kSliceDepth, 1, kMostSlices);
}

/// c (part.rows, part.columns; rows cRow apart) = x * w over the inputs of `slice`, from the bias on where it is given.
void slicePart(const Part& part, const ChunkRange& slice, std::int64_t in, std::int64_t out, const float* x, const float* w,
               const float* bias, float* c, std::int64_t cRow, bool relu) {
    alignas(64) float panel[kDepth * kPanel];
    const bool pack = out >= 512 && part.rows >= 16;
    const std::int64_t width = pack ? kPanel : part.columns;
    const std::int64_t end = slice.first + slice.size;
    Product p{};
    p.rows = part.rows;
    p.segments = 1;
    p.aRow = in;
    p.aStep = 1;
    p.cRow = cRow;
    for (std::int64_t first = 0; first < part.columns; first += width) {
        const std::int64_t column = part.firstColumn + first;
        p.columns = std::min(width, part.columns - first);
        p.c = c + first;
        for (std::int64_t k = slice.first; k < end; k += kDepth) {
            p.steps = std::min(kDepth, end - k);
            p.a = x + part.firstRow * in + k;
            p.b = w + k * out + column;
            p.bRow = out;
            if (pack) {
                for (std::int64_t row = 0; row < p.steps; ++row)
                    std::copy_n(p.b + row * out, p.columns, panel + row * kPanel);
                p.b = panel;
                p.bRow = kPanel;
            }
            const bool starts = k == slice.first;
            p.bias = starts && bias != nullptr ? bias + column : nullptr;
            p.accumulate = !starts;
            p.relu = relu && k + kDepth >= end;
            kernels().product(p);
        }
    }
}

/// to += from, then max(to, 0) if relu; rows x columns.
void addRows(std::int64_t rows, std::int64_t columns, const float* from, std::int64_t fromRow, float* to, std::int64_t toRow,
             bool relu) {
    for (std::int64_t r = 0; r < rows; ++r) {
        const float* a = from + r * fromRow;
        float* b = to + r * toRow;
        for (std::int64_t c = 0; c < columns; ++c) {
            const float sum = b[c] + a[c];
            b[c] = relu && sum < 0 ? 0 : sum;
        }
    }
}

void forwardPart(const Part& part, std::int64_t in, std::int64_t out, const float* x, const float* w,
                 const float* bias, float* y, bool relu) {
    const std::int64_t slices = slicesOf(in);
    if (slices == 1) return slicePart(part, {0, in}, in, out, x, w, bias, y + part.firstRow * out + part.firstColumn, out, relu);
    constexpr std::int64_t kRows = 48;
    constexpr std::int64_t kColumns = 128;
    alignas(64) float sums[kRows * kColumns];
    for (std::int64_t row = 0; row < part.rows; row += kRows) {
        for (std::int64_t column = 0; column < part.columns; column += kColumns) {
            const Part piece{part.firstRow + row, std::min(kRows, part.rows - row), part.firstColumn + column,
                             std::min(kColumns, part.columns - column)};
            float* const to = y + piece.firstRow * out + piece.firstColumn;
            slicePart(piece, chunkRange(in, slices, 0), in, out, x, w, bias, to, out, false);
            for (std::int64_t s = 1; s < slices; ++s) {
                slicePart(piece, chunkRange(in, slices, s), in, out, x, w, nullptr, sums, kColumns, false);
                addRows(piece.rows, piece.columns, sums, kColumns, to, out, relu && s + 1 == slices);
            }
        }
    }
}

/// dx^T = w * dy^T, so that the rows of w are read as they lie; the small matrices are transposed instead.
void backwardInputPart(const Part& part, std::int64_t in, std::int64_t out, const float* dy, const float* w,
                       float* dx) {
    constexpr std::int64_t kRows = 64;    // of dy at a time
    constexpr std::int64_t kInputs = 192; // of dx at a time: dy is transposed again for each
    alignas(64) float gradients[kDepth * kRows];
    alignas(64) float tile[kInputs * kRows];
    Product p{};
    p.segments = 1;
    p.aRow = out;
    p.aStep = 1;
    p.b = gradients;
    p.bRow = kRows;
    p.c = tile;
    p.cRow = kRows;
    for (std::int64_t row = part.firstRow; row < part.firstRow + part.rows; row += kRows) {
        p.columns = std::min(kRows, part.firstRow + part.rows - row);
        for (std::int64_t first = part.firstColumn; first < part.firstColumn + part.columns;
             first += kInputs) {
            p.rows = std::min(kInputs, part.firstColumn + part.columns - first);
            for (std::int64_t o = 0; o < out; o += kDepth) {
                p.steps = std::min(kDepth, out - o);
                if (first == part.firstColumn || out > kDepth) {
                    kernels().transpose(p.columns, p.steps, dy + row * out + o, out, gradients, kRows);
                }
                p.a = w + first * out + o;
                p.accumulate = o > 0;
                kernels().product(p);
            }
            kernels().transpose(p.rows, p.columns, tile, kRows, dx + row * in + first, in);
        }
    }
}

/// part: rows and columns of dw.
void backwardWeightsPart(const Part& part, std::int64_t n, std::int64_t in, std::int64_t out, const float* x,
                         const float* dy, float* dw) {
    Product p{};
    p.segments = 1;
    p.rows = part.rows;
    p.columns = part.columns;
    p.aRow = 1;
    p.aStep = in;
    p.bRow = out;
    p.c = dw + part.firstRow * out + part.firstColumn;
    p.cRow = out;
    for (std::int64_t k = 0; k < n; k += kDepth) {
        p.steps = std::min(kDepth, n - k);
        p.a = x + k * in + part.firstRow;
        p.b = dy + k * out + part.firstColumn;
        p.accumulate = k > 0;
        kernels().product(p);
    }
    if (n == 0) {
        for (std::int64_t r = 0; r < part.rows; ++r)
            std::fill_n(p.c + r * out, part.columns, 0.0F);
    }
}

} // namespace

void denseForward(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* w,
                  const float* bias, float* y, bool relu) {
    forwardPart({0, n, 0, out}, in, out, x, w, bias, y, relu);
}

std::int64_t denseScratchFloats(std::int64_t in, std::int64_t out) {
    return (slicesOf(in) - 1) * kMostSlicedRows * out;
}

void denseForward(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* w,
                  const float* bias, float* y, bool relu, float* scratch, Workers& workers) {
    const std::int64_t slices = slicesOf(in);
    if (slices == 1 || n > kMostSlicedRows || workers.count() == 1) {
        const Grid grid(n, out, 8, workers.count());
        workers.run(grid.parts(),
                    [&](std::int64_t part, int) { forwardPart(grid.part(part), in, out, x, w, bias, y, relu); });
        return;
    }
    workers.run(slices, [&](std::int64_t s, int) {
        slicePart({0, n, 0, out}, chunkRange(in, slices, s), in, out, x, w, s == 0 ? bias : nullptr,
                  s == 0 ? y : scratch + (s - 1) * n * out, out, false);
    });
    const std::int64_t parts = std::min<std::int64_t>(n, workers.count());
    workers.run(parts, [&](std::int64_t part, int) {
        const ChunkRange r = chunkRange(n, parts, part);
        for (std::int64_t s = 1; s < slices; ++s)
            addRows(r.size, out, scratch + ((s - 1) * n + r.first) * out, out, y + r.first * out, out, relu && s + 1 == slices);
    });
}

void denseBackwardInput(std::int64_t n, std::int64_t in, std::int64_t out, const float* dy, const float* w,
                        float* dx) {
    backwardInputPart({0, n, 0, in}, in, out, dy, w, dx);
}

void denseBackwardInput(std::int64_t n, std::int64_t in, std::int64_t out, const float* dy, const float* w,
                        float* dx, Workers& workers) {
    const Grid grid(n, in, 64, workers.count());
    workers.run(grid.parts(),
                [&](std::int64_t part, int) { backwardInputPart(grid.part(part), in, out, dy, w, dx); });
}

void denseBackwardWeights(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* dy,
                          float* dw, float* db) {
    backwardWeightsPart({0, in, 0, out}, n, in, out, x, dy, dw);
    if (db != nullptr) columnSums(n, out, dy, db);
}

void denseBackwardWeights(std::int64_t n, std::int64_t in, std::int64_t out, const float* x, const float* dy,
                          float* dw, float* db, Workers& workers) {
    const Grid grid(out, in, 256,
                    workers.count()); // columns of the grid are rows of dw: there are usually more of them
    workers.run(grid.parts() + 1, [&](std::int64_t task, int) {
        if (task == grid.parts()) {
            if (db != nullptr) columnSums(n, out, dy, db);
            return;
        }
        const Part part = grid.part(task);
        backwardWeightsPart({part.firstColumn, part.columns, part.firstRow, part.rows}, n, in, out, x, dy,
                            dw);
    });
}

} // namespace strata::math
