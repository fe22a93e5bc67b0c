// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace strata {

/// The bytes of a model's file, as many as its own header or table of contents accounts for, and never more than there
/// is memory for: a file that is long only by holes or by what was put behind it is not read into memory.
/// Errors: those of readWholeFile(), keras.unknown_file for what is no model at all.
Result<std::vector<std::byte>> readModelFile(const std::filesystem::path& path);

} // namespace strata
