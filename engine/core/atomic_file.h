// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace strata {

/// Replaces the file by `bytes`, or leaves it as it was: a power cut, a kill or a full disk never shows half
/// a file. The bytes reach the disk in an unnamed file of the same folder first, which then takes the name.
/// A symbolic link stays and its target is replaced; permission bits of an existing file are kept.
/// Errors: file.not_a_file, file.read_only, file.no_folder, file.disk_full, file.write_failed.
Result<> writeFileAtomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
Result<> writeFileAtomically(const std::filesystem::path& path, std::string_view text);

/// The whole file. Errors: file.not_found, file.not_a_file, file.unreadable, file.too_large.
Result<std::vector<std::byte>> readWholeFile(const std::filesystem::path& path,
                                             std::uint64_t maxBytes = std::uint64_t{8} << 30);

/// Its first `count` bytes, or all where it is shorter. Errors as readWholeFile().
Result<std::vector<std::byte>> readFileStart(const std::filesystem::path& path, std::uint64_t count);

} // namespace strata
