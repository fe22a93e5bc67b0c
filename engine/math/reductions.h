// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// Sums down the columns of x(rows, channels), a few rows in float and those sums in double, in the order of the rows:
/// deterministic, the same bits for every instruction set with fused multiply-adds and, cell for cell, independent of
/// the other channels. Serial; nothing allocates; results overwrite. For a whole
/// batch: call per chunk of rows, then add the doubles in the order of the chunks.
namespace strata::math {

/// sums(channels) = sum over rows of x
void columnSums(std::int64_t rows, std::int64_t channels, const float* x, double* sums);
/// The same rounded to float at the end: a bias gradient.
void columnSums(std::int64_t rows, std::int64_t channels, const float* x, float* sums);
/// sums(channels) of x, squares(channels) of x * x: mean and variance of a batch normalisation.
void columnMoments(std::int64_t rows, std::int64_t channels, const float* x, double* sums, double* squares);
/// sums(channels) of a, products(channels) of a * b: the two sums of a batch normalisation's gradient.
void columnProducts(std::int64_t rows, std::int64_t channels, const float* a, const float* b, double* sums,
                    double* products);
/// The same after a was made 0, in place, wherever b * scale(channels) + shift(channels) is not above 0: a relu
/// lies between them.
void columnProductsBehindRelu(std::int64_t rows, std::int64_t channels, float* a, const float* b, const float* scale,
                              const float* shift, double* sums, double* products);

/// Over a flat array of n floats, in double, in order.
double sum(std::int64_t n, const float* x);
double sumOfSquares(std::int64_t n, const float* x);
/// True if no cell is NaN or infinite.
bool allFinite(std::int64_t n, const float* x);

/// out(count) = sum over parts p of partials(parts, count), added in the order of p: partial gradients of
/// chunks.
void reduceParts(std::int64_t parts, std::int64_t count, const float* partials, float* out);

} // namespace strata::math
