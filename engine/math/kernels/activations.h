// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/math/activation_kind.h"

#include <stdint.h>

namespace strata::math {

/// The arguments of ActivationFunction.
struct ActivationArguments {
    float alpha, maxValue, threshold;
    float slopeAtThreshold; ///< relu only
};

struct ActivationKernels {
    /// y = f(x), in single precision; false if this activation has no kernel.
    bool (*forward)(Activation kind, const ActivationArguments& arguments, int64_t n, const float* x,
                    float* y);
    /// dx = dy * f', where `read` is x or y as activationReads() says; false as above.
    bool (*backward)(Activation kind, const ActivationArguments& arguments, int64_t n, const float* read,
                     const float* dy, float* dx);
};

} // namespace strata::math
