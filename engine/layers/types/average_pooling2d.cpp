// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType average_pooling2d() {
    return poolingType(
        {.id = "AveragePooling2D",
         .category = "pooling",
         .doc = "Makes a picture smaller: each window becomes the mean of its cells, channel by channel. "
                "Smoother than taking the largest value; the classic LeNet-5 uses it.",
         .reference = "https://keras.io/api/layers/pooling_layers/average_pooling2d/",
         .synonyms = {"AvgPool2D", "pool", "downsample", "subsampling"}},
        PoolingKind::Average, 2);
}

} // namespace strata::layers
