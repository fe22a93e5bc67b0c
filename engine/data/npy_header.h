// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace strata {

struct NpyHeader {
    std::string dtype; // "<f4"
    bool fortranOrder = false;
    std::vector<std::int64_t> dims;
    std::size_t dataOffset = 0;
};

/// Reads magic, version and the dictionary, a literal of Python's. Keys may come in any order, none twice.
Result<NpyHeader> parseNpyHeader(std::span<const std::uint8_t> bytes, const std::string& name);

} // namespace strata
