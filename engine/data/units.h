// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace strata {

/// 60000 as "60,000".
std::string grouped(std::int64_t number);

/// A size for people: "812 bytes", "47 MB" (powers of 1000).
std::string byteText(std::uint64_t bytes);

} // namespace strata
