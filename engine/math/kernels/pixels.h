// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdint.h>

namespace strata::math {

/// One channel of a convolution without strides or dilation, of x (height, width, pixel), of whose channels
/// the first `channels` take part:
///   y[(oh*outW + ow) * yPixel] = start + starts[oh*outW + ow] + sum over kh, kw, c of
///                                x[oh + kh - top][ow + kw - left][c] * w[kh][kw][c], then relu
/// cells outside x being 0. The sum over the channels of the taps of 16 lanes each comes first, then that
/// over the lanes.
struct PixelDots {
    int64_t height, width, outH, outW;
    int64_t kernel;    ///< a side: 3 or 5
    int64_t top, left; ///< padding
    int64_t channels;  ///< a multiple of 16
    int64_t pixel;     ///< floats from one pixel of x to the next
    const float* x;
    const float* w;
    const float* starts; ///< nullable
    float start;
    bool add; ///< to y
    bool relu;
    float* y;
    int64_t yPixel;
};

/// Some of the channels of pixels.
struct PixelKernels {
    /// to[p*toPixel + c] = from[p*fromPixel + c] for p < pixels, c < channels
    void (*copy)(int64_t pixels, int64_t channels, const float* from, int64_t fromPixel, float* to,
                 int64_t toPixel);
    /// The same, added
    void (*add)(int64_t pixels, int64_t channels, const float* from, int64_t fromPixel, float* to,
                int64_t toPixel);
    void (*dots)(const PixelDots& dots);
};

} // namespace strata::math
