// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/workers.h"
#include "engine/math/conv2d.h"

namespace strata {

/// Depth beside the two axes of math::ConvGeometry, which describes one slice.
struct ConvDepth {
    std::int64_t in = 1, out = 1, kernel = 1, stride = 1, dilation = 1, padFront = 0;
};

/// A convolution of volumes as a sum of convolutions of slices; the functions of math::Convolution, with the
/// same rules. x (inD, inH, inW, inC), w (kernelD, kernelH, kernelW, inC/groups, outC), y (outD, outH, outW,
/// outC).
class Convolution3D {
public:
    Convolution3D(const math::ConvGeometry& slice, const ConvDepth& depth);

    std::int64_t inputFloats() const { return m_depth.in * m_slice.geometry().inputFloats(); }
    std::int64_t outputFloats() const { return m_depth.out * m_slice.geometry().outputFloats(); }
    std::int64_t weightFloats() const { return m_depth.kernel * m_slice.geometry().weightFloats(); }
    std::int64_t inputChannels() const { return m_slice.geometry().inC; }
    std::int64_t outputChannels() const { return m_slice.geometry().outC; }

    std::int64_t preparedFloats() const { return m_depth.kernel * m_preparedSlice; }
    std::int64_t scratchFloats() const { return m_sliceScratch + m_partial; }
    void prepareForward(const float* w, float* prepared, Workers& workers) const;
    void prepareBackward(const float* w, float* prepared, Workers& workers) const;
    void forward(std::int64_t samples, const float* x, const float* w, const float* prepared,
                 const float* bias, float* y, float* scratch, const math::ConvFusion& fusion = {}) const;
    void backwardInput(std::int64_t samples, const float* dy, const float* w, const float* prepared,
                       float* dx, float* scratch) const;
    std::int64_t backwardWeightsFloats(std::int64_t samples) const;
    void backwardWeights(std::int64_t samples, const float* x, const float* dy, float* dw, float* db,
                         float* workspace, float* scratch, Workers& workers) const;

private:
    /// f(input slice, kernel slice, output slice) for every pair that meets
    template <class F>
    void forEachSlice(const F& f) const {
        for (std::int64_t o = 0; o < m_depth.out; ++o) {
            for (std::int64_t k = 0; k < m_depth.kernel; ++k) {
                const std::int64_t i = o * m_depth.stride - m_depth.padFront + k * m_depth.dilation;
                if (i >= 0 && i < m_depth.in) f(i, k, o);
            }
        }
    }

    math::Convolution m_slice;
    ConvDepth m_depth;
    std::int64_t m_preparedSlice, m_sliceScratch, m_partial;
};

} // namespace strata
