// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/math/conv2d.h"

#include <memory>

namespace strata::math {

/// Rounded up to whole cache lines.
inline std::int64_t aligned(std::int64_t floats) {
    return (floats + 15) / 16 * 16;
}

/// One way to compute a convolution; the contract of each function is that of Convolution. prepared is split
/// by the owner: the forward and backward parts are handed in separately.
class ConvStrategy {
public:
    explicit ConvStrategy(const ConvGeometry& geometry)
        : m_g(geometry) {}
    virtual ~ConvStrategy() = default;
    ConvStrategy(const ConvStrategy&) = delete;
    ConvStrategy& operator=(const ConvStrategy&) = delete;

    virtual ConvAlgorithm algorithm() const = 0;
    virtual std::int64_t forwardPreparedFloats() const = 0;
    virtual std::int64_t backwardPreparedFloats() const = 0;
    virtual std::int64_t scratchFloats() const = 0;

    virtual void prepareForward(const float* w, float* prepared, Workers& workers) const = 0;
    virtual void prepareBackward(const float* w, float* prepared, Workers& workers) const = 0;
    virtual void forward(std::int64_t samples, const float* x, const float* w, const float* prepared,
                         const float* bias, float* y, float* scratch, const ConvFusion& fusion) const = 0;
    /// dx or dw may be null (then so may prepared or x). Without the bias gradient, which is the same for all strategies.
    /// requires: fuses() has what `fusion` asks for
    virtual void backward(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx,
                          float* dw, float* scratch, const ConvFusion& fusion) const = 0;
    virtual ConvFusible fuses() const { return {}; }

    /// The gradients of a whole batch without partial sums per chunk; 0 floats if the strategy has no such way for
    /// its geometry. dx or dw may be null. `scratch` has scratchFloats() floats every `scratchStride`.
    virtual std::int64_t splitWorkspaceFloats() const { return 0; }
    virtual void backwardSplit(std::int64_t samples, const float* x, const float* dy, const float* prepared, float* dx,
                               float* dw, float* workspace, float* scratch, std::int64_t scratchStride,
                               Workers& workers, const ConvFusion& fusion) const;

protected:
    const ConvGeometry& geometry() const { return m_g; }

private:
    ConvGeometry m_g;
};

/// Floats from one pixel of x, and of y, to the next, where a convolution is of the first of their channels only; w is
/// (kernelH, kernelW, in, out) then.
struct PixelFloats {
    std::int64_t in, out;
};

/// Null where the strategy does not apply to the geometry.
std::unique_ptr<const ConvStrategy> makeDirectConv(const ConvGeometry& g);
std::unique_ptr<const ConvStrategy> makeIm2colConv(const ConvGeometry& g);
/// side: points of a transformed tile, 4 or 6
std::unique_ptr<const ConvStrategy> makeWinogradConv(const ConvGeometry& g, std::int64_t side);
/// The same of some of the channels; without fusions of input and gradient.
std::unique_ptr<const ConvStrategy> makeWinogradConv(const ConvGeometry& g, std::int64_t side, PixelFloats pixels);
/// Winograd's algorithm for whole vectors of channels, and other ways for the few that are left over. Null where none are,
/// or too many.
std::unique_ptr<const ConvStrategy> makeTailedConv(const ConvGeometry& g, std::int64_t side);
/// Outputs a side of its tiles: 2 or 4; 0 where it does not apply.
std::int64_t winogradTile(const ConvGeometry& g, std::int64_t side);
std::unique_ptr<const ConvStrategy> makeDepthwiseConv(const ConvGeometry& g);

} // namespace strata::math
