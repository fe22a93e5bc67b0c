// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/hdf5_tree.h"
#include "engine/interop/keras_config.h"
#include "engine/network/weights.h"

namespace strata {

/// A whole model in Keras 2's format (`.h5`, `.hdf5`), which Keras 3 still writes.
struct KerasH5 {
    KerasModel model;
    Weights weights;
};

/// Weights are taken by the order of `weight_names`, never by name. Errors: keras.weights_only for a file
/// without a model, keras.weights_missing, keras.weights_shape, and those of graphFromKeras.
Result<KerasH5> modelFromKerasH5(const H5Tree& file);

} // namespace strata
