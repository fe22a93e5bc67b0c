// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_types.h"

namespace strata::layers {

LayerType conv3d_transpose() {
    return transposedConvolutionType(
        {.id = "Conv3DTranspose",
         .category = "convolution",
         .doc = "The way back of a convolution: makes a volume larger, each value painting its filter into "
                "the output. For decoders, segmentation and generators.",
         .reference = "https://keras.io/api/layers/convolution_layers/convolution3d_transpose/",
         .synonyms = {"deconvolution", "upsampling", "Convolution3DTranspose"}},
        3);
}

} // namespace strata::layers
