// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType max_pooling2d() {
    return poolingType({.id = "MaxPooling2D",
                        .category = "pooling",
                        .doc = "Makes a picture smaller: of each window only the largest value of each "
                               "channel is kept. What was found stays, its exact place is forgotten.",
                        .reference = "https://keras.io/api/layers/pooling_layers/max_pooling2d/",
                        .synonyms = {"MaxPool2D", "pool", "downsample", "subsampling"}},
                       PoolingKind::Max, 2);
}

} // namespace strata::layers
