// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/updates.h"

#include "engine/math/kernels/table.h"

namespace strata::math {

void momentumUpdate(std::int64_t n, float rate, float momentum, bool nesterov, const float* g, float* v,
                    float* w) {
    kernels().updates->momentum(n, rate, momentum, nesterov, g, v, w);
}

void adamUpdate(std::int64_t n, float rate, float toM, float toV, float epsilon, const float* g, float* m,
                float* v, float* w) {
    kernels().updates->adam(n, rate, toM, toV, epsilon, g, m, v, w);
}

} // namespace strata::math
