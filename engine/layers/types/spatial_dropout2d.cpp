// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/moved_axis.h"
#include "engine/layers/spatial_dropout.h"

namespace strata::layers {

LayerType spatial_dropout2d() {
    return withDataFormat(
        spatialDropoutType(
            {.id = "SpatialDropout2D",
             .category = "regularization",
             .doc = "As Dropout, but drops whole channels: neighbouring cells of a picture say nearly the "
                    "same, so dropping single ones does little.",
             .reference = "https://keras.io/api/layers/regularization_layers/spatial_dropout2d/",
             .synonyms = {"channel dropout", "overfitting"}},
            2),
        "seed");
}

} // namespace strata::layers
