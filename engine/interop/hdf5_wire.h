// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/hdf5_tree.h"

namespace strata {

/// The child's exit code when it could not even say why there is no tree.
inline constexpr int h5WallFailed = 117;

/// How a tree, or the reason why there is none, passes from the child process to its parent: little-endian
/// lengths before everything, host order inside (both are the same program).
std::vector<std::byte> encodeH5Reply(const Result<H5Tree>& reply);

/// nullopt when the bytes are no complete reply: the child may have been taken over by the file that it read,
/// so nothing is believed; memory stays within a small multiple of the bytes.
std::optional<Result<H5Tree>> decodeH5Reply(std::span<const std::byte> bytes);

} // namespace strata
