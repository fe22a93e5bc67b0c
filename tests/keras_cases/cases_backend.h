// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"
#include "tests/keras_cases/keras_values.h"

#include <optional>

namespace strata::keras_cases {

/// What the backend that made the cases computes in place of what was asked, where it alone differs from Keras's
/// others (TensorFlow, JAX), from the layers' documentation and from Strata.
struct BackendVariant {
    ParamMap params;
    Array input;
    std::string why; ///< for the list of what is unsupported
};
/// None: it computes what was asked.
std::optional<BackendVariant> backendVariant(const LayerType& type, const ParamMap& given, const Array& input);

} // namespace strata::keras_cases
