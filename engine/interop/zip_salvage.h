// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/zip_archive.h"

namespace strata {

/// What is left of a damaged archive.
struct SalvagedZip {
    ZipMembers whole;              ///< their checksums hold
    std::vector<std::string> lost; ///< names of members that are damaged
    std::uint64_t checked = 0;     ///< bytes whose checksum was made
};

/// Looks for members by their own heads, from the first byte to the last, without the table of contents: those that are
/// stored (as Keras and Strata store them) and whole. Of two with one name the first counts. What a
/// hostile archive costs is bounded: ZipLimits::maxMembers heads, checksums of four times its bytes.
SalvagedZip salvageZip(std::span<const std::byte> archive);

/// The names in the heads of the stored members that follow each other from the first byte on; not looked at: checksums.
std::vector<std::string> namesInHeads(std::span<const std::byte> archive);

} // namespace strata
