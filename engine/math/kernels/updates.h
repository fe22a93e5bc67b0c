// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>

namespace strata::math {

/// The contracts are those of engine/math/updates.h.
struct UpdateKernels {
    void (*momentum)(int64_t n, float rate, float momentum, bool nesterov, const float* g, float* v,
                     float* w);
    void (*adam)(int64_t n, float rate, float toM, float toV, float epsilon, const float* g, float* m,
                 float* v, float* w);
};

} // namespace strata::math
