// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType max_pooling1d() {
    return poolingType({.id = "MaxPooling1D",
                        .category = "pooling",
                        .doc = "Makes a sequence smaller: of each window only the largest value of each "
                               "channel is kept. What was found stays, its exact place is forgotten.",
                        .reference = "https://keras.io/api/layers/pooling_layers/max_pooling1d/",
                        .synonyms = {"MaxPool1D", "pool", "downsample", "subsampling"}},
                       PoolingKind::Max, 1);
}

} // namespace strata::layers
