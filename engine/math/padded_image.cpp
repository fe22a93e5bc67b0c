// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/padded_image.h"

#include <algorithm>
#include <cstring>

namespace strata::math {

void PaddedImage::clear(float* buffer) const {
    std::memset(buffer, 0, static_cast<std::size_t>(bufferFloats()) * sizeof(float));
}

const float* PaddedImage::place(const float* image, float* buffer) const {
    if (!needsCopy()) return image + (top * width + left) * channels;
    const std::int64_t firstRow = std::max<std::int64_t>(top, 0);
    const std::int64_t endRow = std::min(top + windowHeight, height);
    const std::int64_t firstColumn = std::max<std::int64_t>(left, 0);
    const std::int64_t endColumn = std::min(left + windowWidth, width);
    if (endColumn <= firstColumn) return buffer;
    const auto bytes = static_cast<std::size_t>((endColumn - firstColumn) * channels) * sizeof(float);
    for (std::int64_t row = firstRow; row < endRow; ++row) {
        std::memcpy(buffer + ((row - top) * windowWidth + firstColumn - left) * channels,
                    image + (row * width + firstColumn) * channels, bytes);
    }
    return buffer;
}

void PaddedImage::takeBack(const float* window, float* image) const {
    const std::int64_t firstRow = std::max<std::int64_t>(top, 0);
    const std::int64_t endRow = std::min(top + windowHeight, height);
    const std::int64_t firstColumn = std::max<std::int64_t>(left, 0);
    const std::int64_t endColumn = std::min(left + windowWidth, width);
    for (std::int64_t row = 0; row < height; ++row) {
        float* to = image + row * width * channels;
        if (row < firstRow || row >= endRow || endColumn <= firstColumn) {
            std::fill_n(to, width * channels, 0.0F);
            continue;
        }
        std::fill_n(to, firstColumn * channels, 0.0F);
        std::copy_n(window + ((row - top) * windowWidth + firstColumn - left) * channels,
                    (endColumn - firstColumn) * channels, to + firstColumn * channels);
        std::fill_n(to + endColumn * channels, (width - endColumn) * channels, 0.0F);
    }
}

} // namespace strata::math
