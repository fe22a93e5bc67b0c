// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/random_factor.h"

#include "engine/core/said.h"

#include <algorithm>
#include <cmath>

namespace strata {

FactorRange factorRange(const std::vector<double>& factor, double least) {
    if (factor.size() == 2) return {std::min(factor[0], factor[1]), std::max(factor[0], factor[1])};
    const double size = std::abs(factor.front());
    return {std::max(-size, least), size};
}

Result<> checkFactor(std::string_view key, const std::vector<double>& factor) {
    if (factor.size() == 1 || factor.size() == 2) return {};
    return failure("layer.random_factor",
                   said("{} has {} values; give one number, for both sides of 0, or the lower and the upper one", key, factor.size()));
}

Result<> checkRange(std::string_view key, const std::vector<double>& range) {
    if (range.size() == 2 && range[0] != range[1]) return {};
    return failure("layer.value_range", said("{} must be two different numbers, the smallest and the largest value a picture has; 0, 255 or 0, 1",
                                             key));
}

} // namespace strata
