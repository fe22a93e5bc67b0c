// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_types.h"

namespace strata::layers {

LayerType conv2d_transpose() {
    return transposedConvolutionType(
        {.id = "Conv2DTranspose",
         .category = "convolution",
         .doc = "The way back of a convolution: makes a picture larger, each value painting its filter into "
                "the output. For decoders, segmentation and generators.",
         .reference = "https://keras.io/api/layers/convolution_layers/convolution2d_transpose/",
         .synonyms = {"deconvolution", "upsampling", "Convolution2DTranspose"}},
        2);
}

} // namespace strata::layers
