// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/math/channel_map.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace strata {
class Workers;
}

namespace strata::math {

class ConvStrategy;

/// The numbers of one two-dimensional convolution (cross-correlation, as Keras calls it convolution).
/// x (inH, inW, inC), w (kernelH, kernelW, inC/groups, outC), y (outH, outW, outC):
///   y[oh][ow][co] = bias[co] + sum over kh, kw, c of x[oh*strideH - padTop + kh*dilationH]
///                                                   [ow*strideW - padLeft + kw*dilationW][g*inC/groups + c]
///                                                   * w[kh][kw][c][co],
/// g = co / (outC/groups), cells outside x being 0. The padding below and to the right follows from outH and
/// outW. requires: all sizes, strides, dilations >= 1; groups divides inC and outC; padTop, padLeft >= 0
struct ConvGeometry {
    std::int64_t inH = 1, inW = 1, inC = 1;
    std::int64_t outH = 1, outW = 1, outC = 1;
    std::int64_t kernelH = 1, kernelW = 1;
    std::int64_t strideH = 1, strideW = 1;
    std::int64_t dilationH = 1, dilationW = 1;
    std::int64_t padTop = 0, padLeft = 0;
    std::int64_t groups = 1;

    std::int64_t inputFloats() const { return inH * inW * inC; }
    std::int64_t outputFloats() const { return outH * outW * outC; }
    std::int64_t weightFloats() const { return kernelH * kernelW * (inC / groups) * outC; }
    /// Multiply-adds of one sample's forward pass, padding counted as work.
    std::int64_t macs() const { return outH * outW * weightFloats(); }
};

/// Direct and Im2col are exact to float32 rounding; WinogradF2, F(2x2,3x3), about as exact. WinogradF4, that
/// is F(4x4,3x3) or, for 5x5 kernels, F(2x2,5x5), is about ten times less so (3e-6 to 1.3e-5 of the largest
/// value) and two to three times faster. (Lavin, Gray: "Fast algorithms for convolutional neural networks",
/// CVPR 2016.)
enum class ConvAlgorithm { Automatic, Direct, Im2col, WinogradF2, WinogradF4 };

/// "auto", "direct", "im2col", "f2", "f4"
std::optional<ConvAlgorithm> convAlgorithmFromName(std::string_view name);

/// What Automatic means for plans made from now on, in the whole process: Automatic itself (a choice by
/// shape, the default), or one algorithm wherever it applies. The environment variable STRATA_CONV sets it at
/// start.
void setAutomaticConvAlgorithm(ConvAlgorithm algorithm);

/// What neighbours leave to the convolution, which has their values in its hands anyway. All but relu require that
/// Convolution::fuses() says so.
struct ConvFusion {
    bool relu = false;        ///< y = max(y, 0), NaN stays
    ChannelMap input{};       ///< of x, forward and backward
    GradientMap gradient{};   ///< of dy; then without a bias gradient
    bool addToInput = false;  ///< dx is added to, not overwritten
};

/// The parts of ConvFusion that a convolution can do.
struct ConvFusible {
    bool input = false, gradient = false, addToInput = false;
};

/// An immutable plan of one layer's convolution, made when the network is compiled; it may be used by any
/// number of threads at once, each with its own scratch. None of its functions allocates.
///
/// Results for a sample do not depend on the other samples of the call: batch 1 equals a slice of batch n to
/// the bit. All buffers should be aligned to 64 bytes; scratch and prepared must be.
class Convolution {
public:
    /// An algorithm that does not apply to the geometry gives way to one that does (Winograd wants a 3x3
    /// or 5x5 kernel, stride and dilation 1, one group); algorithm() tells which one it is.
    explicit Convolution(const ConvGeometry& geometry, ConvAlgorithm algorithm = ConvAlgorithm::Automatic);

    const ConvGeometry& geometry() const { return m_geometry; }
    /// Never Automatic.
    ConvAlgorithm algorithm() const;

    /// The weights are so large that it pays to hand whole batches to forward() and backwardInput() rather
    /// than chunks, even if other work on the same chunk could have been done while it is in the cache.
    bool prefersWholeBatch() const;

    ConvFusible fuses() const;

    /// Floats of `prepared`: what is derived from the weights and shared by all workers. May be 0.
    std::int64_t preparedFloats() const;
    /// Floats of `scratch` for one worker. May be 0.
    std::int64_t scratchFloats() const;

    /// Fill the parts of `prepared` that forward() and backwardInput() read; to be called again whenever w
    /// changed. The two parts are disjoint: inference never needs the second.
    void prepareForward(const float* w, float* prepared, Workers& workers) const;
    void prepareBackward(const float* w, float* prepared, Workers& workers) const;

    /// Overwrites y(samples, outH, outW, outC) from x(samples, inH, inW, inC); bias(outC) is nullable.
    /// Serial.
    void forward(std::int64_t samples, const float* x, const float* w, const float* prepared,
                 const float* bias, float* y, float* scratch, const ConvFusion& fusion = {}) const;
    /// Overwrites dx. Serial.
    void backwardInput(std::int64_t samples, const float* dy, const float* w, const float* prepared,
                       float* dx, float* scratch) const;
    /// Overwrites dw (shape of w) and db(outC, nullable) with the sums over these samples. Serial.
    void backwardWeights(std::int64_t samples, const float* x, const float* dy, float* dw, float* db,
                         float* scratch) const;

    /// Both gradients of a run of samples at once, which costs less than one after the other. dx: overwritten;
    /// nullable, then prepared too. partial: partialFloats() floats that sumParts() takes; nullable, then x too.
    /// bias: with the bias' gradient. Serial.
    void backwardPart(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx,
                      float* partial, bool bias, float* scratch, const ConvFusion& fusion = {}) const;
    std::int64_t partialFloats() const;
    /// Adds the parts in their order. Overwrites dw and db (nullable).
    void sumParts(std::int64_t parts, const float* partials, float* dw, float* db, Workers& workers) const;

    /// The passes for a whole batch, spread over the workers; any number of threads gives the same
    /// bits. These are the ones to prefer where the weights are large: they pass through the caches once a
    /// thread, not once a chunk. `scratch` holds scratchFloats() floats for each worker, one after the other.
    void forward(std::int64_t samples, const float* x, const float* w, const float* prepared,
                 const float* bias, float* y, float* scratch, Workers& workers,
                 const ConvFusion& fusion = {}) const;
    void backwardInput(std::int64_t samples, const float* dy, const float* w, const float* prepared,
                       float* dx, float* scratch, Workers& workers) const;
    /// Both gradients, or one: dx, or dw and db, may be null. The cut follows from the geometry and `samples`
    /// alone: partial sums per chunk of samples where the weights are small, a split over the weights where they
    /// are large (splitsBackward()). `workspace` has backwardWeightsFloats(samples) floats, shared. Equals the
    /// serial forms up to rounding only.
    void backward(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx, float* dw,
                  float* db, float* workspace, float* scratch, Workers& workers, const ConvFusion& fusion = {}) const;
    void backwardWeights(std::int64_t samples, const float* x, const float* dy, float* dw, float* db,
                         float* workspace, float* scratch, Workers& workers) const;
    bool splitsBackward(std::int64_t samples) const;
    std::int64_t backwardWeightsFloats(std::int64_t samples) const;

private:
    ConvGeometry m_geometry;
    std::shared_ptr<const ConvStrategy> m_strategy;
};

} // namespace strata::math
