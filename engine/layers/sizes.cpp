// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/sizes.h"

#include <limits>

namespace strata {

bool productFits(std::span<const std::int64_t> factors) {
    std::int64_t product = 1;
    for (const std::int64_t f : factors) {
        if (f == 0) return true;
    }
    for (const std::int64_t f : factors) {
        if (f < 0 || product > kMaxFloats / f) return false;
        product *= f;
    }
    return true;
}

std::int64_t saturatingProduct(std::initializer_list<std::int64_t> factors) {
    constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 4;
    std::int64_t product = 1;
    for (const std::int64_t f : factors) {
        if (f <= 0) return 0;
        if (product > limit / f) return limit;
        product *= f;
    }
    return product;
}

} // namespace strata
