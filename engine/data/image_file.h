// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/core/shape.h"
#include "engine/data/data_options.h"

namespace strata {

/// A picture of bytes, rows from the top, channels last, red first.
struct Image {
    std::int64_t height = 0;
    std::int64_t width = 0;
    int channels = 0;                 // 1 or 3
    std::vector<std::uint8_t> pixels; // (height, width, channels)

    ImageSize size() const { return {height, width}; }
};

/// Larger pictures are refused before they are decoded: a file of a few hundred bytes can promise any size.
inline constexpr std::int64_t kMaxImagePixels = std::int64_t{1} << 26;

/// Do the first bytes say PNG, JPEG, BMP, WebP or PNM?
bool looksLikeImage(std::span<const std::uint8_t> firstBytes);

/// Decodes PNG, JPEG, BMP, WebP or PNM to 8 bits a channel; transparency is dropped, a camera's orientation
/// applied. `name` is only for messages.
Result<Image> decodeImage(std::span<const std::uint8_t> bytes, const std::string& name,
                          ColourMode colour = ColourMode::AsStored);
Result<Image> readImageFile(const std::string& path, ColourMode colour = ColourMode::AsStored);

/// Grey to colour by repeating, colour to grey by 0.299 R + 0.587 G + 0.114 B.
Image toColour(Image image);
Image toGrey(Image image);
Image withColour(Image image, ColourMode colour);

/// By area when it gets smaller, linearly when it gets larger. requires: size.height > 0, size.width > 0
Image resized(const Image& image, ImageSize size);

/// requires: image.pixels.size() == height * width * channels > 0
Result<std::vector<std::uint8_t>> encodePng(const Image& image);

/// The raw values 0..255 as a network reads them.  // (H, W, C)
std::vector<float> imageValues(const Image& image);

/// "place: the image is 40 x 30 x 3, but the model wants 28 x 28 x 1; use --resize 28x28 and --colour grey" as a ready
/// error. `remedy` for another front end than the command line.
Error wrongImageShape(const std::string& place, const Shape& have, const Shape& want,
                      const std::string& remedy = {});

} // namespace strata
