// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/math/isa.h"

#include <array>

namespace strata::math {
namespace {
constexpr std::array<std::string_view, 1> kNames{"plain"};
}

std::string_view isaName() {
    return kNames[0];
}
std::span<const std::string_view> isaAvailable() {
    return kNames;
}
bool selectIsa(std::string_view name) {
    return name == kNames[0];
}

} // namespace strata::math
