// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/random_factor.h"

#include "engine/core/said.h"
#include "engine/layers/window.h"

#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>

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

Result<LayerPlan> RandomValueParams::plan(const Shape& input) const {
    if (input.rank() != 3) return wrongRank(input, 2);
    if (const Result<> fits = checkFactor("factor", factor); !fits) return fits.error();
    if (valueRange.size() != 2 || valueRange[0] == valueRange[1]) {
        return failure("layer.value_range", said("value_range ({}) must be two different numbers, the smallest and the largest value a picture has; "
                                                 "use 0, 255 or 0, 1",
                                                 fmt::join(valueRange, ", ")));
    }
    LayerPlan plan;
    plan.output = input;
    plan.backwardReadsOutput = false;
    return plan;
}

ValueLimits RandomValueParams::range() const {
    const auto [low, high] = std::ranges::minmax(valueRange);
    return {static_cast<float>(low), static_cast<float>(high)};
}

} // namespace strata
