// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace strata::math {

/// A window onto an image (height, width, channels) that may reach over its borders, where it reads zeros. If
/// it does reach over them it is copied into a buffer in the cache, so that the kernels meet no borders.
struct PaddedImage {
    std::int64_t height = 0, width = 0, channels = 0; ///< of the image
    std::int64_t top = 0, left = 0;                   ///< first row and column of the window; may be negative
    std::int64_t windowHeight = 0, windowWidth = 0;

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
    /// The way back: writes the image from a whole window (windowHeight, windowWidth, channels); 0 where the
    /// window does not reach.
    void takeBack(const float* window, float* image) const;
};

} // namespace strata::math
