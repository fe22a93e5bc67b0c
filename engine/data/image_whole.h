// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace strata {

/// False for a PNG or JPEG that ends too early, or a PNG whose checksums are wrong; true for anything else.
/// The decoders would write to stderr about such a file, and libjpeg would fill what is missing with grey.
bool isWholeImage(std::span<const std::uint8_t> bytes);

} // namespace strata
