// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

namespace strata {

/// Of two rows of the same length; 0 where a row has no length or no spread.
double cosine(std::span<const double> target, std::span<const double> prediction);
/// K. Pearson's correlation coefficient.
double pearson(std::span<const double> target, std::span<const double> prediction);
/// L. I. Lin, "A concordance correlation coefficient to evaluate reproducibility", Biometrics 45 (1989).
double concordance(std::span<const double> target, std::span<const double> prediction);

} // namespace strata
