// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/number_text.h"

#include "engine/core/said.h"

#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace strata {

std::string grouped(std::int64_t number) {
    std::string text = std::to_string(number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (std::size_t at = text.size(); at > first + 3;) {
        at -= 3;
        text.insert(at, 1, ',');
    }
    return text;
}

std::string plainNumber(double number) {
    constexpr double kWhole = 9e15; // up to here a double tells every whole number from its neighbours
    if (std::abs(number) < kWhole && std::trunc(number) == number) return grouped(static_cast<std::int64_t>(number));
    std::array<char, 400> text{}; // the longest: 1e-308 and its digits
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    return error == std::errc() ? std::string(text.data(), end) : fmt::format("{}", number);
}

std::string byteText(std::uint64_t bytes) {
    if (bytes < 1000) return said("{} bytes", bytes);
    constexpr std::array<const char*, 6> units{"kB", "MB", "GB", "TB", "PB", "EB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (value /= 1000; value >= 999.5 && unit + 1 < units.size(); ++unit) value /= 1000;
    return value < 9.95 ? fmt::format("{:.1f} {}", value, units[unit]) : fmt::format("{:.0f} {}", value, units[unit]);
}

std::string kerasByteText(std::int64_t bytes) {
    constexpr std::array<const char*, 6> units{"B", "KB", "MB", "GB", "TB", "PB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    return fmt::format("{:.2f} {}", value, units[unit]);
}

std::string sizesText(std::span<const std::int64_t> sizes) {
    return fmt::format("{}", fmt::join(sizes, " × "));
}

} // namespace strata
