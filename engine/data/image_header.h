// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "engine/data/data_options.h"

namespace strata {

/// What a picture's own header says about its size, so that a decoder is never asked for more than can be
/// held. None when the bytes are no PNG, JPEG, BMP, WebP or PNM, or end too early.
std::optional<ImageSize> imageSizeFromHeader(std::span<const std::uint8_t> bytes);

} // namespace strata
