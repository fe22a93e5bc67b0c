// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/adaptive_pooling.h"

namespace strata::layers {

LayerType adaptive_average_pooling2d() {
    return adaptivePoolingType(
        {.id = "AdaptiveAveragePooling2D",
         .category = "pooling",
         .doc = "Brings a picture of any size to a given one: cuts it into so many windows and keeps the mean "
                "value of each channel in each.",
         .reference = "https://keras.io/api/layers/pooling_layers/adaptive_average_pooling2d/",
         .synonyms = {"resize", "any size"}},
        PoolingKind::Average, 2);
}

} // namespace strata::layers
