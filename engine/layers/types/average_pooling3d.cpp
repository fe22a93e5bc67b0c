// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType average_pooling3d() {
    return poolingType({.id = "AveragePooling3D",
                        .category = "pooling",
                        .doc = "Makes a volume smaller: each window becomes the mean of its cells, channel "
                               "by channel. Smoother than taking the largest value.",
                        .reference = "https://keras.io/api/layers/pooling_layers/average_pooling3d/",
                        .synonyms = {"AvgPool3D", "pool", "downsample", "subsampling"}},
                       PoolingKind::Average, 3);
}

} // namespace strata::layers
