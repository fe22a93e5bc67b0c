// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType global_average_pooling1d() {
    return globalPoolingType(
        {.id = "GlobalAveragePooling1D",
         .category = "pooling",
         .doc = "Replaces each channel by its mean over the whole sequence: one value a channel, whatever "
                "the size.",
         .reference = "https://keras.io/api/layers/pooling_layers/global_average_pooling1d/",
         .synonyms = {"GlobalAvgPool1D", "GAP"}},
        PoolingKind::Average, 1);
}

} // namespace strata::layers
