// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/units.h"

#include <array>
#include <fmt/format.h>

namespace strata {

std::string grouped(std::int64_t number) {
    std::string text = fmt::format("{}", number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (std::size_t at = text.size(); at > first + 3;) {
        at -= 3;
        text.insert(at, 1, ',');
    }
    return text;
}

std::string byteText(std::uint64_t bytes) {
    if (bytes < 1000) return fmt::format("{} bytes", bytes);
    constexpr std::array<const char*, 6> kUnits{"kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (value /= 1000; value >= 999.5 && unit + 1 < kUnits.size(); ++unit)
        value /= 1000;
    return value < 9.95 ? fmt::format("{:.1f} {}", value, kUnits[unit])
                        : fmt::format("{:.0f} {}", value, kUnits[unit]);
}

} // namespace strata
