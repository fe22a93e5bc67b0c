// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_types.h"

namespace strata::layers {

LayerType separable_conv1d() {
    return separableConvolutionType(
        {.id = "SeparableConv1D",
         .category = "convolution",
         .doc =
             "A convolution of a sequence in two steps: filters for each channel by itself, then a mixture "
             "of all channels.",
         .reference = "https://keras.io/api/layers/convolution_layers/separable_convolution1d/",
         .synonyms = {"SeparableConvolution1D"}},
        1);
}

} // namespace strata::layers
