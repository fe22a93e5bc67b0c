// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/convolution3d.h"
#include "engine/layers/layer.h"
#include "engine/math/activation.h"

namespace strata {

/// What a convolution works on, whatever the number of its axes: for one axis the picture is one cell high,
/// for two the volume one slice deep.
struct ConvolutionJob {
    math::ConvGeometry slice;
    ConvDepth depth;
    bool volume = false; ///< three axes
    math::Activation activation = math::Activation::Linear;
    bool bias = true;
};

/// Fills in the plan's macs, memory and what backward reads. requires: all sizes known
void planConvolution(LayerPlan& plan, const ConvolutionJob& job);
/// weights: kernel, and bias if job.bias
std::unique_ptr<Layer> makeConvolution(const ConvolutionJob& job);

/// The transposed convolution (the gradient of a convolution with respect to its input, used forwards). `job`
/// describes that convolution: its input is this layer's output. weights: kernel (k..., outputs, inputs), and
/// bias if job.bias
void planTransposedConvolution(LayerPlan& plan, const ConvolutionJob& job);
std::unique_ptr<Layer> makeTransposedConvolution(const ConvolutionJob& job);

} // namespace strata
