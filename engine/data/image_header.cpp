// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/image_header.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace strata {

namespace {

using Bytes = std::span<const std::uint8_t>;

bool hasAt(Bytes bytes, std::size_t at, std::string_view text) {
    if (bytes.size() < at + text.size()) return false;
    return std::equal(text.begin(), text.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                      [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

/// requires: at + count <= bytes.size()
std::int64_t bigEndian(Bytes bytes, std::size_t at, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | bytes[at + i];
    return value;
}

std::int64_t littleEndian(Bytes bytes, std::size_t at, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = count; i-- > 0;)
        value = value << 8 | bytes[at + i];
    return value;
}

std::optional<ImageSize> png(Bytes bytes) {
    if (bytes.size() < 24) return std::nullopt;
    return ImageSize{bigEndian(bytes, 20, 4), bigEndian(bytes, 16, 4)};
}

/// Walks the marker segments to the frame header SOF0..SOF15 (ITU T.81, B.2.2).
std::optional<ImageSize> jpeg(Bytes bytes) {
    std::size_t at = 2;
    while (at + 9 <= bytes.size()) {
        if (bytes[at] != 0xFF) return std::nullopt;
        const std::uint8_t marker = bytes[at + 1];
        if (marker == 0xFF) { // fill byte
            ++at;
            continue;
        }
        if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8)) { // no length follows
            at += 2;
            continue;
        }
        const bool isFrame =
            marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (isFrame) return ImageSize{bigEndian(bytes, at + 5, 2), bigEndian(bytes, at + 7, 2)};
        if (marker == 0xD9 || marker == 0xDA) return std::nullopt;
        const auto length = static_cast<std::size_t>(bigEndian(bytes, at + 2, 2));
        if (length < 2) return std::nullopt;
        at += 2 + length;
    }
    return std::nullopt;
}

std::optional<ImageSize> bmp(Bytes bytes) {
    if (bytes.size() < 26) return std::nullopt;
    if (littleEndian(bytes, 14, 4) == 12)
        return ImageSize{littleEndian(bytes, 20, 2), littleEndian(bytes, 18, 2)};
    const auto signedSize = [&](std::size_t at) {
        return std::int64_t{
            static_cast<std::int32_t>(static_cast<std::uint32_t>(littleEndian(bytes, at, 4)))};
    };
    return ImageSize{std::abs(signedSize(22)), signedSize(18)}; // a negative height: rows from the top
}

std::optional<ImageSize> webp(Bytes bytes) {
    if (bytes.size() < 30) return std::nullopt;
    if (hasAt(bytes, 12, "VP8X"))
        return ImageSize{littleEndian(bytes, 27, 3) + 1, littleEndian(bytes, 24, 3) + 1};
    if (hasAt(bytes, 12, "VP8L")) {
        const std::int64_t bits = littleEndian(bytes, 21, 4);
        return ImageSize{(bits >> 14 & 0x3FFF) + 1, (bits & 0x3FFF) + 1};
    }
    if (hasAt(bytes, 12, "VP8 "))
        return ImageSize{littleEndian(bytes, 28, 2) & 0x3FFF, littleEndian(bytes, 26, 2) & 0x3FFF};
    return std::nullopt;
}

/// "P6 # comment \n 640 480 255".
std::optional<ImageSize> pnm(Bytes bytes) {
    std::int64_t numbers[2] = {0, 0};
    std::size_t at = 2;
    for (std::int64_t& number : numbers) {
        while (at < bytes.size() && (bytes[at] <= ' ' || bytes[at] == '#')) {
            if (bytes[at] == '#')
                while (at < bytes.size() && bytes[at] != '\n')
                    ++at;
            else
                ++at;
        }
        const std::size_t first = at;
        for (; at < bytes.size() && bytes[at] >= '0' && bytes[at] <= '9' && at - first < 10; ++at)
            number = number * 10 + (bytes[at] - '0');
        if (at == first) return std::nullopt;
    }
    return ImageSize{numbers[1], numbers[0]};
}

} // namespace

std::optional<ImageSize> imageSizeFromHeader(Bytes bytes) {
    if (hasAt(bytes, 0, "\x89PNG\r\n\x1A\n")) return png(bytes);
    if (hasAt(bytes, 0, "\xFF\xD8\xFF")) return jpeg(bytes);
    if (hasAt(bytes, 0, "RIFF") && hasAt(bytes, 8, "WEBP")) return webp(bytes);
    if (hasAt(bytes, 0, "BM")) return bmp(bytes);
    if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' && bytes[2] <= ' ')
        return pnm(bytes);
    return std::nullopt;
}

} // namespace strata
