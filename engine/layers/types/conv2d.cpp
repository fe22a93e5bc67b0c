// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_types.h"

namespace strata::layers {

LayerType conv2d() {
    return convolutionType(
        {.id = "Conv2D",
         .category = "convolution",
         .doc = "Slides small filters over a picture. Each filter answers where its pattern occurs, and its "
                "answers become one channel of the output. The weights are learnt and shared by all places, "
                "so a pattern is found wherever it lies. The work horse of image networks.",
         .reference = "https://keras.io/api/layers/convolution_layers/convolution2d/",
         .synonyms = {"convolution", "Convolution2D", "filter", "kernel", "conv"}},
        2);
}

} // namespace strata::layers
