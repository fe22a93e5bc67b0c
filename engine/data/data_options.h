// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stop_token>

namespace strata {

enum class ColourMode {
    AsStored, ///< grey if every image is grey, else colour
    Grey,     ///< one channel: 0.299 R + 0.587 G + 0.114 B
    Colour,   ///< three channels, red first
};

struct ImageSize {
    std::int64_t height = 0;
    std::int64_t width = 0;
    bool operator==(const ImageSize&) const = default;
};

struct DataOptions {
    /// Images are brought to this size (by area when shrinking, linearly when growing); else they must agree.
    std::optional<ImageSize> resize;
    ColourMode colour = ColourMode::AsStored;
    /// (images done, images in all), from the calling thread, at most a few hundred times.
    std::function<void(std::int64_t done, std::int64_t total)> progress;
    std::stop_token stop;
    /// More than this many bytes of pixels are refused, with the number.
    std::uint64_t memoryLimit = std::uint64_t{4} << 30;
};

} // namespace strata
