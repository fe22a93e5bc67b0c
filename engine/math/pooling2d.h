// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/math/channel_map.h"

#include <cstddef>
#include <cstdint>

namespace strata::math {

/// The numbers of one two-dimensional pooling: x (inH, inW, channels), y (outH, outW, channels); the window
/// of output (oh, ow) begins at input (oh*strideH - padTop, ow*strideW - padLeft); cells outside x do not
/// exist. requires: every window holds at least one real cell
struct PoolGeometry {
    std::int64_t inH = 1, inW = 1, channels = 1;
    std::int64_t outH = 1, outW = 1;
    std::int64_t poolH = 1, poolW = 1;
    std::int64_t strideH = 1, strideW = 1;
    std::int64_t padTop = 0, padLeft = 0;

    std::int64_t inputFloats() const { return inH * inW * channels; }
    std::int64_t outputFloats() const { return outH * outW * channels; }
};

/// All functions work on a run of samples, are serial, do not allocate, and treat each sample by itself.

/// Bytes of the memory of the maxima for one sample: which cell of its window each output came from (1 byte
/// an output for windows up to 256 cells, else 4). Rounded up to whole floats, so that it can live in a float
/// arena.
std::int64_t maxPoolIndexBytes(const PoolGeometry& g);

/// Overwrites y and, unless null (inference), index(samples, maxPoolIndexBytes). Among equal cells the first
/// in row-major order wins, as in TensorFlow; a NaN in the window gives NaN. map: done to x first; requires, if used:
/// maxPoolMaps(g). behindRelu: maxPoolBackward() will also do what a relu that made x does, which is to pass no gradient
/// where x is not above 0; requires maxPoolTakesRelu(g)
void maxPoolForward(const PoolGeometry& g, std::int64_t samples, const float* x, float* y, std::byte* index,
                    const ChannelMap& map = {}, bool behindRelu = false);
bool maxPoolMaps(const PoolGeometry& g);
bool maxPoolTakesRelu(const PoolGeometry& g);
/// Overwrites dx: each dy goes to the cell its maximum came from.
void maxPoolBackward(const PoolGeometry& g, std::int64_t samples, const float* dy, const std::byte* index,
                     float* dx);

/// The mean over the real cells of each window (padding is not counted, as in Keras). Overwrites y / dx.
void averagePoolForward(const PoolGeometry& g, std::int64_t samples, const float* x, float* y);
void averagePoolBackward(const PoolGeometry& g, std::int64_t samples, const float* dy, float* dx);

/// y(samples, channels) = mean over the positions of x(samples, positions, channels), and its gradient.
void globalAverageForward(std::int64_t samples, std::int64_t positions, std::int64_t channels, const float* x,
                          float* y);
void globalAverageBackward(std::int64_t samples, std::int64_t positions, std::int64_t channels,
                           const float* dy, float* dx);

/// y(samples, channels) = maximum over the positions; index(samples, channels), nullable, is the first
/// position that has it. Rules for ties and NaN as above.
void globalMaxForward(std::int64_t samples, std::int64_t positions, std::int64_t channels, const float* x,
                      float* y, std::int32_t* index);
void globalMaxBackward(std::int64_t samples, std::int64_t positions, std::int64_t channels, const float* dy,
                       const std::int32_t* index, float* dx);

} // namespace strata::math
