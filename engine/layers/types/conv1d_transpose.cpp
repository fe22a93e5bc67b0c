// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/layers/convolution_types.h"

namespace strata::layers {

LayerType conv1d_transpose() {
    return transposedConvolutionType(
        {.id = "Conv1DTranspose",
         .category = "convolution",
         .doc = "The way back of a convolution: makes a sequence larger, each value painting its filter into "
                "the output. For decoders, segmentation and generators.",
         .reference = "https://keras.io/api/layers/convolution_layers/convolution1d_transpose/",
         .synonyms = {"deconvolution", "upsampling", "Convolution1DTranspose"}},
        1);
}

} // namespace strata::layers
