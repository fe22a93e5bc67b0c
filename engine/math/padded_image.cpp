// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/padded_image.h"

#include "engine/math/kernels/table.h"

#include <algorithm>
#include <cstring>

namespace strata::math {

void PaddedImage::clear(float* buffer) const {
    std::fill_n(buffer, bufferFloats(), 0.0F); // there may be no buffer, where nothing is copied
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

void PaddedImage::copyRows(const float* image, std::int64_t firstRow, std::int64_t rows, const ChannelMap& map,
                           float* buffer) const {
    const std::int64_t firstColumn = std::max<std::int64_t>(left, 0);
    const std::int64_t endColumn = std::max(firstColumn, std::min(left + windowWidth, width));
    const std::int64_t before = (firstColumn - left) * channels;
    const std::int64_t inside = (endColumn - firstColumn) * channels;
    const std::int64_t row = windowWidth * channels;
    for (std::int64_t r = 0; r < rows; ++r, buffer += row) {
        const std::int64_t from = top + firstRow + r;
        if (from < 0 || from >= height) {
            std::fill_n(buffer, row, 0.0F);
            continue;
        }
        const float* cells = image + (from * width + firstColumn) * pixelFloats();
        std::fill_n(buffer, before, 0.0F);
        if (pixelFloats() != channels)
            kernels().pixels->copy(endColumn - firstColumn, channels, cells, pixel, buffer + before, channels);
        else if (map.isIdentity())
            std::copy_n(cells, inside, buffer + before);
        else
            kernels().cells->scaleShift(endColumn - firstColumn, channels, cells, map.scale, map.shift, map.relu,
                                        buffer + before);
        std::fill_n(buffer + before + inside, row - before - inside, 0.0F);
    }
}

void PaddedImage::takeBackRows(const float* buffer, std::int64_t firstRow, std::int64_t rows, bool add,
                               float* image) const {
    const std::int64_t firstColumn = std::max<std::int64_t>(left, 0);
    const std::int64_t inside = (std::min(left + windowWidth, width) - firstColumn) * channels;
    if (inside <= 0) return;
    buffer += (firstColumn - left) * channels;
    for (std::int64_t r = 0; r < rows; ++r, buffer += windowWidth * channels) {
        const std::int64_t to = top + firstRow + r;
        if (to < 0 || to >= height) continue;
        float* cells = image + (to * width + firstColumn) * pixelFloats();
        const std::int64_t pixels = inside / channels;
        if (pixelFloats() != channels && add)
            kernels().pixels->add(pixels, channels, buffer, channels, cells, pixel);
        else if (pixelFloats() != channels)
            kernels().pixels->copy(pixels, channels, buffer, channels, cells, pixel);
        else if (add)
            kernels().cells->add(inside, cells, buffer, cells);
        else
            std::copy_n(buffer, inside, cells);
    }
}

} // namespace strata::math
