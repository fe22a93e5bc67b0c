// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType global_max_pooling2d() {
    return globalPoolingType({.id = "GlobalMaxPooling2D",
                              .category = "pooling",
                              .doc = "Keeps of each channel only its largest value in the whole picture: "
                                     "whether a pattern occurs anywhere.",
                              .reference = "https://keras.io/api/layers/pooling_layers/global_max_pooling2d/",
                              .synonyms = {"GlobalMaxPool2D", "GMP"}},
                             PoolingKind::Max, 2);
}

} // namespace strata::layers
