// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_types.h"

namespace strata::layers {

LayerType depthwise_conv2d() {
    return depthwiseConvolutionType(
        {.id = "DepthwiseConv2D",
         .category = "convolution",
         .doc =
             "A convolution in which every channel of the picture has filters of its own and sees no other "
             "channel: few weights. Usually followed by a 1 × 1 convolution that mixes the channels.",
         .reference = "https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/",
         .synonyms = {"MobileNet", "channelwise"}},
        2);
}

} // namespace strata::layers
