// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType global_average_pooling3d() {
    return globalPoolingType(
        {.id = "GlobalAveragePooling3D",
         .category = "pooling",
         .doc = "Replaces each channel by its mean over the whole volume: one value a channel, whatever the "
                "size.",
         .reference = "https://keras.io/api/layers/pooling_layers/global_average_pooling3d/",
         .synonyms = {"GlobalAvgPool3D", "GAP"}},
        PoolingKind::Average, 3);
}

} // namespace strata::layers
