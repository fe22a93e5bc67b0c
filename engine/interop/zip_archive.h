// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

struct ZipMember {
    std::string name; ///< relative, with "/" between folders, UTF-8
    std::vector<std::byte> bytes;
};

/// The members of an archive in the order of its table of contents; folders themselves are left out.
struct ZipMembers {
    std::vector<ZipMember> members;

    /// nullptr when there is no such member.
    const ZipMember* find(std::string_view name) const;
};

/// What a foreign archive may ask for. Unpacked bytes are bounded by the packed ones: at most
/// `freeBytes + ratio * size of the archive`, and never more than `maxBytes`.
struct ZipLimits {
    std::size_t maxMembers = 4096;
    std::size_t maxNameLength = 1024;
    std::uint64_t freeBytes = std::uint64_t{16} << 20;
    std::uint64_t ratio = 100; ///< Keras refuses members that are packed better than this
    std::uint64_t maxBytes = std::uint64_t{8} << 30;
};

/// Errors: zip.bad_name for names that are empty, too long, absolute or point out of their folder.
Result<> checkZipName(std::string_view name, std::size_t maxLength);

/// Reads a whole zip archive: stored and deflated members, every checksum verified. `place` names the archive
/// in messages. Errors: zip.not_a_zip, zip.damaged, zip.too_large, zip.too_many_members, zip.bad_name,
/// zip.encrypted. ensures: names are distinct, relative, free of "..", "\" and control characters.
Result<ZipMembers> readZip(std::span<const std::byte> archive, std::string_view place,
                           const ZipLimits& limits = {});
/// As above, from a file; also file.* errors.
Result<ZipMembers> readZip(const std::filesystem::path& path, const ZipLimits& limits = {});

/// The archive as bytes: all members stored (not compressed), in the given order, dated 1980-01-01, sizes and
/// checksums in the local headers. The same members give the same bytes everywhere.
/// Errors: zip.bad_name, zip.too_many_members, zip.too_large (a member or the whole at 4 GiB: no Zip64).
Result<std::vector<std::byte>> packZip(std::span<const ZipMember> members);

/// packZip, written with writeFileAtomically: the file is either the old or the new archive.
Result<> writeZip(const std::filesystem::path& path, std::span<const ZipMember> members);

} // namespace strata
