// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/pooling_layer.h"

namespace strata::layers {

LayerType global_max_pooling1d() {
    return globalPoolingType({.id = "GlobalMaxPooling1D",
                              .category = "pooling",
                              .doc = "Keeps of each channel only its largest value in the whole sequence: "
                                     "whether a pattern occurs anywhere.",
                              .reference = "https://keras.io/api/layers/pooling_layers/global_max_pooling1d/",
                              .synonyms = {"GlobalMaxPool1D", "GMP"}},
                             PoolingKind::Max, 1);
}

} // namespace strata::layers
