// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType global_average_pooling2d() {
    return globalPoolingType(
        {.id = "GlobalAveragePooling2D",
         .category = "pooling",
         .doc = "Replaces each channel by its mean over the whole picture: one value a channel, whatever the "
                "size. Newer networks end with it where older ones have Flatten, which saves many weights.",
         .reference = "https://keras.io/api/layers/pooling_layers/global_average_pooling2d/",
         .synonyms = {"GlobalAvgPool2D", "GAP"}},
        PoolingKind::Average, 2);
}

} // namespace strata::layers
