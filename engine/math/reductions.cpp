// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/reductions.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace strata::math {

void columnSums(std::int64_t rows, std::int64_t channels, const float* x, double* sums) {
    std::fill_n(sums, channels, 0.0);
    for (std::int64_t r = 0; r < rows; ++r, x += channels) {
        for (std::int64_t c = 0; c < channels; ++c)
            sums[c] += static_cast<double>(x[c]);
    }
}

void columnSums(std::int64_t rows, std::int64_t channels, const float* x, float* sums) {
    constexpr std::int64_t kBlock = 64;
    std::array<double, kBlock> block{};
    for (std::int64_t first = 0; first < channels; first += kBlock) {
        const std::int64_t width = std::min(kBlock, channels - first);
        block.fill(0);
        for (std::int64_t r = 0; r < rows; ++r) {
            const float* row = x + r * channels + first;
            for (std::int64_t c = 0; c < width; ++c)
                block[static_cast<std::size_t>(c)] += static_cast<double>(row[c]);
        }
        for (std::int64_t c = 0; c < width; ++c)
            sums[first + c] = static_cast<float>(block[static_cast<std::size_t>(c)]);
    }
}

void columnMoments(std::int64_t rows, std::int64_t channels, const float* x, double* sums, double* squares) {
    columnProducts(rows, channels, x, x, sums, squares);
}

void columnProducts(std::int64_t rows, std::int64_t channels, const float* a, const float* b, double* sums,
                    double* products) {
    std::fill_n(sums, channels, 0.0);
    std::fill_n(products, channels, 0.0);
    for (std::int64_t r = 0; r < rows; ++r, a += channels, b += channels) {
        for (std::int64_t c = 0; c < channels; ++c) {
            sums[c] += static_cast<double>(a[c]);
            products[c] += static_cast<double>(a[c]) * static_cast<double>(b[c]);
        }
    }
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
    if (parts == 0) std::fill_n(out, count, 0.0F);
    for (std::int64_t p = 0; p < parts; ++p, partials += count) {
        for (std::int64_t i = 0; i < count; ++i)
            out[i] = p == 0 ? partials[i] : out[i] + partials[i];
    }
}

} // namespace strata::math
