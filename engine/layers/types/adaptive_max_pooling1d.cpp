// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/adaptive_pooling.h"

namespace strata::layers {

LayerType adaptive_max_pooling1d() {
    return adaptivePoolingType(
        {.id = "AdaptiveMaxPooling1D",
         .category = "pooling",
         .doc = "Brings a sequence of any size to a given one: cuts it into so many windows and keeps the largest "
                "value of each channel in each.",
         .reference = "https://keras.io/api/layers/pooling_layers/adaptive_max_pooling1d/",
         .synonyms = {"resize", "any size"}},
        PoolingKind::Max, 1);
}

} // namespace strata::layers
