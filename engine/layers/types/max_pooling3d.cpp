// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType max_pooling3d() {
    return poolingType({.id = "MaxPooling3D",
                        .category = "pooling",
                        .doc = "Makes a volume smaller: of each window only the largest value of each "
                               "channel is kept. What was found stays, its exact place is forgotten.",
                        .reference = "https://keras.io/api/layers/pooling_layers/max_pooling3d/",
                        .synonyms = {"MaxPool3D", "pool", "downsample", "subsampling"}},
                       PoolingKind::Max, 3);
}

} // namespace strata::layers
