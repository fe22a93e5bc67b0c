// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace strata {

/// Bytes that this process may still take: what the kernel says is available, what its control groups (v1 and
/// v2) leave, and what the environment variable STRATA_MEMORY_LIMIT allows ("500M", "2G"; for tests and for those
/// who want to keep some), whichever is least.
std::int64_t availableMemory();

/// The first two of these, read under `root` ("/"). Nullopt where nothing can be read.
std::optional<std::int64_t> systemMemory(const std::filesystem::path& root);

/// "500M": K, M and G are powers of 1024. Nullopt for anything else.
std::optional<std::int64_t> bytesFromText(std::string_view text);

} // namespace strata
