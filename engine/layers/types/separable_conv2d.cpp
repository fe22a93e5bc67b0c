// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_types.h"

namespace strata::layers {

LayerType separable_conv2d() {
    return separableConvolutionType(
        {.id = "SeparableConv2D",
         .category = "convolution",
         .doc = "A convolution in two steps: filters for each channel by itself, then a 1 × 1 mixture of all "
                "channels. Nearly as good as Conv2D with a fraction of its weights and work (Xception).",
         .reference = "https://keras.io/api/layers/convolution_layers/separable_convolution2d/",
         .synonyms = {"Xception", "MobileNet", "SeparableConvolution2D"}},
        2);
}

} // namespace strata::layers
