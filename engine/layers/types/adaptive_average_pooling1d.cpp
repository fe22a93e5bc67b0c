// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/adaptive_pooling.h"

namespace strata::layers {

LayerType adaptive_average_pooling1d() {
    return adaptivePoolingType(
        {.id = "AdaptiveAveragePooling1D",
         .category = "pooling",
         .doc = "Brings a sequence of any size to a given one: cuts it into so many windows and keeps the mean "
                "value of each channel in each.",
         .reference = "https://keras.io/api/layers/pooling_layers/adaptive_average_pooling1d/",
         .synonyms = {"resize", "any size"}},
        PoolingKind::Average, 1);
}

} // namespace strata::layers
