// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/regularizers.h"

#include <functional>
#include <vector>

namespace strata {

/// A constraint on one weight array, made once for a run: applying it takes no memory.
class Constraint {
public:
    /// requires: `which` was checked against constraintFamily(); the array has these dimensions
    Constraint(const TypedParams& which, std::span<const std::int64_t> dims);
    /// requires: weights has the product of the dimensions
    void apply(std::span<float> weights);

private:
    /// Of cell i: cells that differ only in the axes of the norm are of one.
    std::size_t groupOf(std::size_t i) const;

    struct Axis {
        std::size_t size = 0;
        bool within = false; ///< the norm is taken over it
    };
    std::vector<Axis> m_axes; ///< of the array, the last one first
    std::vector<double> m_norms; ///< of each group
    std::function<double(double)> m_factor; ///< by which a group of this norm is multiplied; empty: negative cells become 0
};

} // namespace strata
