// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_types.h"

namespace strata::layers {

LayerType depthwise_conv1d() {
    return depthwiseConvolutionType(
        {.id = "DepthwiseConv1D",
         .category = "convolution",
         .doc =
             "A convolution in which every channel of the sequence has filters of its own and sees no other "
             "channel: few weights. Usually followed by a 1 × 1 convolution that mixes the channels.",
         .reference = "https://keras.io/api/layers/convolution_layers/depthwise_convolution1d/",
         .synonyms = {"MobileNet", "channelwise"}},
        1);
}

} // namespace strata::layers
