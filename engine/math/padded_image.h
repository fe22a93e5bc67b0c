// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/math/channel_map.h"

#include <cstdint>

namespace strata::math {

/// A window onto an image (height, width, channels) that may reach over its borders, where it reads zeros. If
/// it does reach over them it is copied into a buffer in the cache, so that the kernels meet no borders.
struct PaddedImage {
    std::int64_t height = 0, width = 0, channels = 0; ///< of the image
    std::int64_t top = 0, left = 0;                   ///< first row and column of the window; may be negative
    std::int64_t windowHeight = 0, windowWidth = 0;
    /// Floats from one pixel of the image to the next, for copyRows() and takeBackRows(); 0: channels
    std::int64_t pixel = 0;

    /// False if the window is the image or a part of it that can be read in place.
    bool needsCopy() const {
        return top < 0 || left < 0 || top + windowHeight > height || left + windowWidth > width;
    }
    std::int64_t bufferFloats() const { return needsCopy() ? windowHeight * windowWidth * channels : 0; }
    /// Floats from one row of the window to the next.
    std::int64_t rowFloats() const { return (needsCopy() ? windowWidth : width) * channels; }

    /// Zeros what copies() leaves alone; once for each buffer.
    void clear(float* buffer) const;
    /// Returns the window's first cell: in buffer (cleared before), or in the image itself.
    const float* place(const float* image, float* buffer) const;
    std::int64_t pixelFloats() const { return pixel == 0 ? channels : pixel; }
    /// Overwrites buffer(rows, windowWidth, channels) with the window's rows from firstRow on, borders included.
    void copyRows(const float* image, std::int64_t firstRow, std::int64_t rows, const ChannelMap& map, float* buffer) const;
    /// The way back: writes, or adds, the window's rows from firstRow on, which lie in buffer, to the image.
    void takeBackRows(const float* buffer, std::int64_t firstRow, std::int64_t rows, bool add, float* image) const;
    /// The window covers the whole image.
    bool coversImage() const {
        return top <= 0 && left <= 0 && top + windowHeight >= height && left + windowWidth >= width;
    }
};

} // namespace strata::math
