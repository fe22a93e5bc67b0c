// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType average_pooling1d() {
    return poolingType({.id = "AveragePooling1D",
                        .category = "pooling",
                        .doc = "Makes a sequence smaller: each window becomes the mean of its cells, channel "
                               "by channel. Smoother than taking the largest value.",
                        .reference = "https://keras.io/api/layers/pooling_layers/average_pooling1d/",
                        .synonyms = {"AvgPool1D", "pool", "downsample", "subsampling"}},
                       PoolingKind::Average, 1);
}

} // namespace strata::layers
