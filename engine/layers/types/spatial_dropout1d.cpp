// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/spatial_dropout.h"

namespace strata::layers {

LayerType spatial_dropout1d() {
    return spatialDropoutType(
        {.id = "SpatialDropout1D",
         .category = "regularization",
         .doc = "As Dropout, but drops whole channels of a sequence.",
         .reference = "https://keras.io/api/layers/regularization_layers/spatial_dropout1d/",
         .synonyms = {"channel dropout", "overfitting"}},
        1);
}

} // namespace strata::layers
