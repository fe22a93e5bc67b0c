// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/shape.h"

#include <initializer_list>
#include <span>

namespace strata {

/// The largest number of floats that one array of a layer may have: beyond any machine's memory, and small
/// enough that sums and products of a few sizes do not overflow.
inline constexpr std::int64_t kMaxFloats = std::int64_t{1} << 40;

/// True if the product of the factors (each >= 0) is at most kMaxFloats; never overflows.
bool productFits(std::span<const std::int64_t> factors);
inline bool productFits(std::initializer_list<std::int64_t> factors) {
    return productFits(std::span<const std::int64_t>(factors.begin(), factors.size()));
}
/// The product, or INT64_MAX/4 when it would be larger: for multiply-accumulate counts.
std::int64_t saturatingProduct(std::initializer_list<std::int64_t> factors);

/// Number of floats rounded up to a whole cache line, so that what follows in an arena is aligned to 64
/// bytes.
inline std::int64_t alignedFloats(std::int64_t floats) {
    return (floats + 15) / 16 * 16;
}
/// The floats that `doubles` doubles need, cache line for cache line.
inline std::int64_t floatsForDoubles(std::int64_t doubles) {
    return alignedFloats(2 * doubles);
}

/// Unless all sizes are known the arena's numbers are not asked for: 0 then.
inline std::int64_t countOrZero(const Shape& shape) {
    return shape.isKnown() ? shape.count() : 0;
}

} // namespace strata
