// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/moved_axis.h"
#include "engine/layers/spatial_dropout.h"

namespace strata::layers {

LayerType spatial_dropout3d() {
    return withDataFormat(
        spatialDropoutType(
            {.id = "SpatialDropout3D",
             .category = "regularization",
             .doc = "As Dropout, but drops whole channels of a volume.",
             .reference = "https://keras.io/api/layers/regularization_layers/spatial_dropout3d/",
             .synonyms = {"channel dropout", "overfitting"}},
            3),
        "seed");
}

} // namespace strata::layers
