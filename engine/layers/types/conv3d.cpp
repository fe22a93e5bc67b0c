// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_types.h"

namespace strata::layers {

LayerType conv3d() {
    return convolutionType(
        {.id = "Conv3D",
         .category = "convolution",
         .doc = "Slides small filters over a volume. Each filter answers where its pattern occurs, and its "
                "answers become one channel of the output. The weights are learnt and shared by all places, "
                "so a pattern is found wherever it lies.",
         .reference = "https://keras.io/api/layers/convolution_layers/convolution3d/",
         .synonyms = {"convolution", "Convolution3D", "filter", "kernel", "conv"}},
        3);
}

} // namespace strata::layers
