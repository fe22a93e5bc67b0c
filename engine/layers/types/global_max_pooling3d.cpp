// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType global_max_pooling3d() {
    return globalPoolingType({.id = "GlobalMaxPooling3D",
                              .category = "pooling",
                              .doc = "Keeps of each channel only its largest value in the whole volume: "
                                     "whether a pattern occurs anywhere.",
                              .reference = "https://keras.io/api/layers/pooling_layers/global_max_pooling3d/",
                              .synonyms = {"GlobalMaxPool3D", "GMP"}},
                             PoolingKind::Max, 3);
}

} // namespace strata::layers
