// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

/// The families of convolution layers over 1, 2 or 3 axes before the channels.
LayerType convolutionType(Schema head, int spatialAxes);
LayerType transposedConvolutionType(Schema head, int spatialAxes);
/// Over 1 or 2 axes.
LayerType depthwiseConvolutionType(Schema head, int spatialAxes);
LayerType separableConvolutionType(Schema head, int spatialAxes);

} // namespace strata
