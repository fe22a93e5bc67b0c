// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// The inner loops of optimisers, cell by cell: an array may be cut anywhere. Serial; nothing allocates.
namespace strata::math {

/// v = momentum * v - rate * g; w += nesterov ? momentum * v - rate * g : v
void momentumUpdate(std::int64_t n, float rate, float momentum, bool nesterov, const float* g, float* v,
                    float* w);

/// m += (g - m) * toM; v += (g*g - v) * toV; w -= rate * m / (sqrt(v) + epsilon)
/// (Kingma, Ba 2014, "Adam", section 2, the corrections for the bias being in rate.)
void adamUpdate(std::int64_t n, float rate, float toM, float toV, float epsilon, const float* g, float* m,
                float* v, float* w);

} // namespace strata::math
