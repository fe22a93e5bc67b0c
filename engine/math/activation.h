// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/math/activation_kind.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace strata::math {

/// An activation with its arguments. Constructed from the kind alone it has Keras's defaults.
struct ActivationFunction {
    Activation kind = Activation::Linear;
    /// relu, leaky_relu: slope of the negative side; elu, celu: alpha; hard_shrink, soft_shrink: threshold;
    /// squareplus: b
    float alpha = 0;
    float maxValue = std::numeric_limits<float>::infinity(); ///< relu only
    float threshold = 0; ///< relu only: f(x) = min(x, maxValue) above it, alpha*(x - threshold) below

    ActivationFunction() = default;
    ActivationFunction(
        Activation which); // NOLINT(google-explicit-constructor): the plain kind is the usual argument
};

/// "swish" and "hard_swish" are accepted for silu and hard_silu, as in Keras. Empty for an unknown name.
std::optional<Activation> activationFromName(std::string_view name);
std::string_view activationName(Activation kind);
/// Every kind, in the order of the enum.
std::span<const Activation> allActivations();

/// What activateBackward() reads besides dy; the other pointer may be null. Activations that read y alone can
/// work in place (y over x) while training.
enum class ActivationReads { Nothing, Input, Output };
ActivationReads activationReads(const ActivationFunction& function);

/// y(rows, channels) = f(x). softmax and log_softmax work over the channels of a row, all others cell by
/// cell. y == x is allowed. NaN stays NaN. Serial; does not allocate; a row's result depends on that row
/// only.
void activate(const ActivationFunction& function, std::int64_t rows, std::int64_t channels, const float* x,
              float* y);

/// dx(rows, channels) = dy * f'(x). Reads x or y as activationReads() says. dx == dy is allowed.
/// At the kink of a relu the slope is that of the lower side, as in TensorFlow; with a negative slope and a limit or
/// threshold it is 0 there.
void activateBackward(const ActivationFunction& function, std::int64_t rows, std::int64_t channels,
                      const float* x, const float* y, const float* dy, float* dx);

} // namespace strata::math
