// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/reductions.h"

#include "engine/math/kernels/table.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strata::math {

void columnSums(std::int64_t rows, std::int64_t channels, const float* x, double* sums) {
    kernels().columns->columnSums(rows, channels, channels, x, sums);
}

void columnSums(std::int64_t rows, std::int64_t channels, const float* x, float* sums) {
    constexpr std::int64_t kBlock = 256;
    std::array<double, kBlock> block; // NOLINT(cppcoreguidelines-pro-type-member-init): overwritten
    for (std::int64_t first = 0; first < channels; first += kBlock) {
        const std::int64_t width = std::min(kBlock, channels - first);
        kernels().columns->columnSums(rows, width, channels, x + first, block.data());
        for (std::int64_t c = 0; c < width; ++c)
            sums[first + c] = static_cast<float>(block[static_cast<std::size_t>(c)]);
    }
}

void columnMoments(std::int64_t rows, std::int64_t channels, const float* x, double* sums, double* squares) {
    kernels().columns->columnMoments(rows, channels, x, sums, squares);
}

void columnProducts(std::int64_t rows, std::int64_t channels, const float* a, const float* b, double* sums,
                    double* products) {
    kernels().columns->columnProducts(rows, channels, a, b, sums, products);
}

void columnProductsBehindRelu(std::int64_t rows, std::int64_t channels, float* a, const float* b, const float* scale,
                              const float* shift, double* sums, double* products) {
    kernels().columns->columnProductsBehindRelu(rows, channels, a, b, scale, shift, sums, products);
}

double sum(std::int64_t n, const float* x) {
    double total = 0;
    for (std::int64_t i = 0; i < n; ++i)
        total += static_cast<double>(x[i]);
    return total;
}

double sumOfSquares(std::int64_t n, const float* x) {
    double total = 0;
    for (std::int64_t i = 0; i < n; ++i)
        total += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    return total;
}

bool allFinite(std::int64_t n, const float* x) {
    for (std::int64_t i = 0; i < n; ++i) {
        if (!std::isfinite(x[i])) return false;
    }
    return true;
}

void reduceParts(std::int64_t parts, std::int64_t count, const float* partials, float* out) {
    if (parts == 0) {
        std::fill_n(out, count, 0.0F);
    } else {
        kernels().cells->reduceParts(parts, count, count, partials, out);
    }
}

} // namespace strata::math
