// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace strata::math {

/// The right-hand matrix of a product, (rows, columns), cut into panels of columns that are stored one after
/// the other, each row-major and dense: one panel stays in the L2 cache while all pixels pass by.
struct WeightPanels {
    std::int64_t rows = 0, columns = 0;

    /// A multiple of all block widths of the product kernel (1 to 6 vectors of 4 to 16 lanes, as far as
    /// possible).
    static constexpr std::int64_t kWidth = 96;

    std::int64_t count() const { return (columns + kWidth - 1) / kWidth; }
    std::int64_t width(std::int64_t panel) const { return std::min(kWidth, columns - panel * kWidth); }
    std::int64_t offset(std::int64_t panel) const { return panel * kWidth * rows; }
    std::int64_t floats() const { return rows * columns; }
};

} // namespace strata::math
