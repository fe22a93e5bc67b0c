// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/reductions.h"

#include "engine/math/kernels/table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

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
    constexpr std::uint32_t kExponent = 0x7F800000; // all its bits set: infinite or not a number
    constexpr std::int64_t kBlock = 1024;           // without a way out of its loop, so that it goes many at a time
    for (std::int64_t first = 0; first < n; first += kBlock) {
        const std::int64_t end = std::min(first + kBlock, n);
        std::uint32_t found = 0;
        for (std::int64_t i = first; i < end; ++i)
            found |= static_cast<std::uint32_t>((std::bit_cast<std::uint32_t>(x[i]) & kExponent) == kExponent);
        if (found != 0) return false;
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
