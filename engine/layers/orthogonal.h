// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/rng.h"

#include <cstdint>
#include <span>

namespace strata {

/// Overwrites out(rows, columns) with gain times a random matrix whose columns (rows, if there are fewer of
/// those) are orthonormal: Gram-Schmidt, twice for accuracy, on normally distributed numbers.
void fillOrthogonal(std::int64_t rows, std::int64_t columns, double gain, Rng& rng, std::span<float> out);

} // namespace strata
