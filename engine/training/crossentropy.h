// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>

namespace strata {

/// One row of a categorical cross-entropy: predictions over the classes, and a target distribution.
struct CrossentropyRow {
    std::int64_t classes = 0;
    const float* output = nullptr; ///< (classes)
    bool fromLogits = false;       ///< output is what goes into a softmax
    bool skipSoftmax = false;      ///< output is a softmax's result, the gradient wanted is that of its input
    double scale = 1;              ///< gradients are multiplied by this
    float* gradient = nullptr;     ///< (classes), overwritten; null = not wanted
};

/// -sum over c of target(c) * log(p(c)). Probabilities are divided by their sum and then clipped to [1e-7, 1
/// - 1e-7], as Keras does; clipped ones have no slope. `target(c)` gives the target's share of class c.
template <class F>
double crossentropyRow(const CrossentropyRow& row, const F& target);

/// log(sum over c of exp(x(c))), shifted by the largest so that nothing overflows.
double logSumExp(std::int64_t n, const float* x);

} // namespace strata

#include "engine/training/crossentropy.inl"
