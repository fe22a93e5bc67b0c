// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/gradient_sum.h"

#include <algorithm>
#include <cassert>

namespace strata {

bool gatherGradient(std::int64_t batch, std::int64_t steps, std::span<float> gradient, std::span<float> sum) {
    assert(gradient.size() == sum.size());
    if (batch % steps != 0) {
        for (std::size_t i = 0; i < sum.size(); ++i)
            sum[i] += gradient[i];
        return false;
    }
    const auto count = static_cast<float>(steps);
    for (std::size_t i = 0; i < sum.size(); ++i)
        gradient[i] = (gradient[i] + sum[i]) / count;
    std::ranges::fill(sum, 0.0F);
    return true;
}

} // namespace strata
