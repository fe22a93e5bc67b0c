// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/image_whole.h"

#include <array>

namespace strata {

namespace {

using Bytes = std::span<const std::uint8_t>;

/// The CRC of PNG (ISO 15948, annex D): polynomial 0xEDB88320, reflected.
std::uint32_t crc32(Bytes bytes) {
    static const std::array<std::uint32_t, 256> table = [] {
        std::array<std::uint32_t, 256> made{};
        for (std::uint32_t n = 0; n < 256; ++n) {
            std::uint32_t value = n;
            for (int bit = 0; bit < 8; ++bit)
                value = (value >> 1) ^ (value & 1 ? 0xEDB88320u : 0u);
            made[n] = value;
        }
        return made;
    }();
    std::uint32_t crc = 0xFFFFFFFFu;
    for (const std::uint8_t byte : bytes)
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8);
    return ~crc;
}

std::uint32_t bigEndian32(Bytes bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at]) << 24 | static_cast<std::uint32_t>(bytes[at + 1]) << 16 |
           static_cast<std::uint32_t>(bytes[at + 2]) << 8 | bytes[at + 3];
}

/// Chunks: length, type, data, CRC of type and data; critical ones begin with a capital.
bool isWholePng(Bytes bytes) {
    constexpr std::uint32_t kEnd = 0x49454E44; // "IEND"
    for (std::size_t at = 8; at + 12 <= bytes.size();) {
        const std::size_t length = bigEndian32(bytes, at);
        if (length > bytes.size() - at - 12) return false;
        const bool isCritical = (bytes[at + 4] & 0x20) == 0;
        if (isCritical && crc32(bytes.subspan(at + 4, length + 4)) != bigEndian32(bytes, at + 8 + length))
            return false;
        if (bigEndian32(bytes, at + 4) == kEnd) return true;
        at += length + 12;
    }
    return false;
}

/// Goes from marker to marker up to the first scan; in what follows, 0xFF 0xD9 can only be the end of the
/// image.
bool isWholeJpeg(Bytes bytes) {
    std::size_t at = 2;
    while (at + 4 <= bytes.size() && bytes[at] == 0xFF && bytes[at + 1] != 0xDA) {
        const std::uint8_t marker = bytes[at + 1];
        const bool isAlone = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
        if (marker == 0xFF)
            at += 1;
        else if (isAlone)
            at += 2;
        else
            at += 2 + (static_cast<std::size_t>(bytes[at + 2]) << 8 | bytes[at + 3]);
    }
    for (; at + 1 < bytes.size(); ++at)
        if (bytes[at] == 0xFF && bytes[at + 1] == 0xD9) return true;
    return false;
}

} // namespace

bool isWholeImage(Bytes bytes) {
    if (bytes.size() >= 8 && bytes[0] == 0x89 && bytes[1] == 'P') return isWholePng(bytes);
    if (bytes.size() >= 2 && bytes[0] == 0xFF && bytes[1] == 0xD8) return isWholeJpeg(bytes);
    return true;
}

} // namespace strata
