// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/kernels/vector.h"

namespace strata::math::STRATA_ISA {

/// Multiply-adds in registers, each chain independent of the others.
/// Returns a sum of the results, so that no compiler leaves them out.
float multiplyAdds(int64_t rounds, float factor) {
    constexpr int kSums = STRATA_LANES == 16 ? 24 : 12;
    Vec sums[kSums];
    for (int s = 0; s < kSums; ++s) // no two alike: a compiler would keep one of them
        sums[s] = broadcast(factor * static_cast<float>(s));
    Vec by = broadcast(factor);
    for (int64_t r = 0; r < rounds; ++r) {
#pragma GCC unroll 32
        for (int s = 0; s < kSums; ++s)
            sums[s] = sums[s] * by + by;
    }
    Vec total{};
    for (int s = 0; s < kSums; ++s)
        total += sums[s];
    return total[0];
}

} // namespace strata::math::STRATA_ISA
