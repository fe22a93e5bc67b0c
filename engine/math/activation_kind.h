// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>

namespace strata::math {

/// Keras 3's activations by their Keras names (activationName()).
enum class Activation : uint8_t {
    Linear,
    Relu,
    Relu6,
    LeakyRelu,
    Elu,
    Selu,
    Celu,
    Gelu,
    GeluTanh, ///< gelu with approximate=True; "gelu_tanh" is our name for it, Keras has none
    Silu,
    Mish,
    Sigmoid,
    HardSigmoid,
    LogSigmoid,
    SparseSigmoid,
    HardSilu,
    Tanh,
    HardTanh,
    TanhShrink,
    HardShrink,
    SoftShrink,
    Softplus,
    SparsePlus,
    Squareplus,
    Softsign,
    Exponential,
    Softmax,
    LogSoftmax,
};

} // namespace strata::math
