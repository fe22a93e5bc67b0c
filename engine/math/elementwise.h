// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/math/channel_map.h"

#include <cstdint>

/// Cell by cell work on float arrays. Everything is serial, allocates nothing, and a cell's result does not
/// depend on how many cells are in the call, so an array may be cut anywhere. Outputs may be the same array
/// as an input (but not overlap it otherwise).
namespace strata::math {

void fill(std::int64_t n, float value, float* y);
void copy(std::int64_t n, const float* x, float* y);
/// y = a * x
void scale(std::int64_t n, float a, const float* x, float* y);
/// y = a + b, a - b, a * b, max(a, b), min(a, b); of max and min NaN in either gives NaN.
void add(std::int64_t n, const float* a, const float* b, float* y);
void subtract(std::int64_t n, const float* a, const float* b, float* y);
void multiply(std::int64_t n, const float* a, const float* b, float* y);
void maximum(std::int64_t n, const float* a, const float* b, float* y);
void minimum(std::int64_t n, const float* a, const float* b, float* y);
/// y += x
void accumulate(std::int64_t n, const float* x, float* y);
/// y += a * x
void axpy(std::int64_t n, float a, const float* x, float* y);

/// y(rows, channels) = x + bias(channels), then max(y, 0) if relu (NaN stays).
void addBias(std::int64_t rows, std::int64_t channels, const float* x, const float* bias, float* y,
             bool relu = false);
/// y(rows, channels) = x * scale(channels) + shift(channels), then max(y, 0) if relu (NaN stays): a batch
/// normalisation whose statistics are folded.
void scaleShift(std::int64_t rows, std::int64_t channels, const float* x, const float* scale,
                const float* shift, float* y, bool relu = false);
/// y = a + b, each behind its map, whose relu must be off; then relu. y may be a or b.
void addMapped(std::int64_t rows, std::int64_t channels, const float* a, const ChannelMap& aMap, const float* b,
               const ChannelMap& bMap, bool relu, float* y);
/// dy and copy become dy where y > 0, else 0.
void reluBackwardTwice(std::int64_t n, const float* y, float* dy, float* copy);
/// dx(rows, channels) = a(channels) * dy + b(channels) * x + c(channels): the backward pass of a batch
/// normalisation, its coefficients made from the sums.
void combineChannels(std::int64_t rows, std::int64_t channels, const float* dy, const float* x,
                     const float* a, const float* b, const float* c, float* dx);

} // namespace strata::math
