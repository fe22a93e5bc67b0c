// SPDX-License-Identifier: GPL-3.0-or-later
// Written by hand and not through libarchive, whose zip writer adds owner and times and puts the checksums
// after the data: a stored archive is three small records (PKWARE APPNOTE 6.3.10, 4.3.7, 4.3.12, 4.3.16).
#include "engine/core/said.h"
#include "engine/core/atomic_file.h"
#include "engine/interop/zip_archive.h"

#include <limits>
#include <new>
#include <set>
#include <zlib.h>

namespace strata {
namespace {

constexpr std::uint32_t localMark = 0x04034b50;
constexpr std::uint32_t centralMark = 0x02014b50;
constexpr std::uint32_t endMark = 0x06054b50;
constexpr std::uint16_t dosDate = (0 << 9) | (1 << 5) | 1; // 1980-01-01, the first that zip knows
constexpr std::uint16_t utf8Names = 1 << 11;
constexpr std::uint16_t versionStored = 20;
constexpr std::uint16_t madeByUnix = (3 << 8) | versionStored;
constexpr std::uint32_t plainFile = 0100644u << 16;

void put16(std::vector<std::byte>& out, std::uint64_t v) {
    for (int i = 0; i < 2; ++i)
        out.push_back(static_cast<std::byte>(v >> (8 * i)));
}

void put32(std::vector<std::byte>& out, std::uint64_t v) {
    for (int i = 0; i < 4; ++i)
        out.push_back(static_cast<std::byte>(v >> (8 * i)));
}

void putBytes(std::vector<std::byte>& out, std::span<const std::byte> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

std::uint32_t checksum(std::span<const std::byte> bytes) {
    return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// The fields that the local header and the table of contents have in common.
void putDescription(std::vector<std::byte>& out, const ZipMember& member, std::uint32_t crc) {
    put16(out, versionStored);
    put16(out, utf8Names);
    put16(out, 0); // stored
    put16(out, 0); // time
    put16(out, dosDate);
    put32(out, crc);
    put32(out, member.bytes.size());
    put32(out, member.bytes.size());
    put16(out, member.name.size());
    put16(out, 0); // no extra field
}

Error tooLarge() {
    return failure("zip.too_large",
                   said("The model is not saved: its archive would reach 4 GiB, the limit of the zip "
                        "format that Strata writes; make the model smaller."));
}

Result<std::vector<std::byte>> pack(std::span<const ZipMember> members) {
    constexpr std::uint64_t limit = std::numeric_limits<std::uint32_t>::max();
    if (members.size() >= std::numeric_limits<std::uint16_t>::max()) {
        return failure("zip.too_many_members",
                       said("The archive is not written: {} members, a zip holds "
                            "65534.",
                            members.size()));
    }
    std::set<std::string_view> names;
    std::uint64_t total = 22;
    for (const ZipMember& m : members) {
        if (const Result<> sane = checkZipName(m.name, ZipLimits{}.maxNameLength); !sane) return sane.error();
        if (!names.insert(m.name).second) {
            return failure("zip.bad_name",
                           said("The archive is not written: it would hold \"{}\" twice.", m.name));
        }
        total += m.bytes.size() + 2 * m.name.size() + 30 + 46;
        if (total >= limit) return tooLarge();
    }
    std::vector<std::byte> out;
    std::vector<std::byte> contents;
    out.reserve(static_cast<std::size_t>(total));
    for (const ZipMember& m : members) {
        const std::uint64_t offset = out.size();
        const std::uint32_t crc = checksum(m.bytes);
        put32(out, localMark);
        putDescription(out, m, crc);
        putBytes(out, std::as_bytes(std::span(m.name)));
        putBytes(out, m.bytes);

        put32(contents, centralMark);
        put16(contents, madeByUnix);
        putDescription(contents, m, crc);
        put16(contents, 0); // no comment
        put16(contents, 0); // first disk
        put16(contents, 0); // not declared to be text
        put32(contents, plainFile);
        put32(contents, offset);
        putBytes(contents, std::as_bytes(std::span(m.name)));
    }
    const std::uint64_t start = out.size();
    putBytes(out, contents);
    put32(out, endMark);
    put16(out, 0);
    put16(out, 0);
    put16(out, members.size());
    put16(out, members.size());
    put32(out, contents.size());
    put32(out, start);
    put16(out, 0);
    return out;
}

} // namespace

Result<std::vector<std::byte>> packZip(std::span<const ZipMember> members) {
    try {
        return pack(members);
    } catch (const std::bad_alloc&) {
        return failure("zip.too_large",
                       said("The model is not saved: its archive does not fit into memory; close other "
                            "programs and save again."));
    }
}

Result<> writeZip(const std::filesystem::path& path, std::span<const ZipMember> members) {
    const Result<std::vector<std::byte>> bytes = packZip(members);
    if (!bytes) return bytes.error();
    return writeFileAtomically(path, *bytes);
}

} // namespace strata
