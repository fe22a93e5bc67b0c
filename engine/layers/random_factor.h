// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/core/rng.h"

#include <string_view>
#include <vector>

namespace strata {

/// From where a random amount is drawn.
struct FactorRange {
    double low = 0, high = 0;
    double draw(Rng& rng) const { return low + (high - low) * static_cast<double>(rng.uniform()); }
};

/// Keras writes such a range as one number, which goes to both sides of 0 as far as `least`, or as two.
/// requires: checkFactor() succeeded
FactorRange factorRange(const std::vector<double>& factor, double least);
/// The error names the parameter and says how many numbers it takes.
Result<> checkFactor(std::string_view key, const std::vector<double>& factor);
/// The same for a range that is always two numbers, the smaller one first or second.
Result<> checkRange(std::string_view key, const std::vector<double>& range);

} // namespace strata
