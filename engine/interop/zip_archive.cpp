// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/zip_archive.h"

#include "engine/core/said.h"
#include "engine/core/atomic_file.h"

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <set>

namespace strata {
namespace {

struct ReadCloser {
    void operator()(archive* a) const { archive_read_free(a); }
};
using Reader = std::unique_ptr<archive, ReadCloser>;

Error damaged(std::string_view place, std::string_view what) {
    return failure("zip.damaged",
                   said("\"{}\" is damaged: {}; fetch or save the file again.", place, what));
}

bool startsLikeZip(std::span<const std::byte> bytes) {
    constexpr std::array<std::byte, 2> mark{std::byte{'P'}, std::byte{'K'}};
    return bytes.size() >= 4 && std::equal(mark.begin(), mark.end(), bytes.begin());
}

std::string lastError(archive* a) {
    const char* text = archive_error_string(a);
    std::string line = text != nullptr ? std::string(text) : said("unreadable data");
    std::replace(line.begin(), line.end(), '\n', ' ');
    while (line.ends_with(' '))
        line.pop_back();
    return line;
}

/// libarchive turns names into the locale's characters where they are declared UTF-8; both spellings are
/// tried, as the command line may run in the C locale.
const char* nameOf(archive_entry* entry) {
    const char* name = archive_entry_pathname_utf8(entry);
    return name != nullptr ? name : archive_entry_pathname(entry);
}

std::uint64_t unpackedLimit(std::uint64_t packed, const ZipLimits& limits) {
    if (packed > limits.maxBytes / std::max<std::uint64_t>(limits.ratio, 1)) return limits.maxBytes;
    return std::min(limits.maxBytes, limits.freeBytes + limits.ratio * packed);
}

/// Appends the entry's data; at most `room` bytes.
Result<std::vector<std::byte>> readMember(archive* a, std::string_view place, std::string_view name,
                                          std::uint64_t packed, std::uint64_t room) {
    std::vector<std::byte> bytes;
    for (;;) {
        const void* block = nullptr;
        std::size_t size = 0;
        la_int64_t offset = 0;
        const int status = archive_read_data_block(a, &block, &size, &offset);
        if (status == ARCHIVE_EOF) return bytes;
        // A warning here is a checksum or size that does not fit: as bad as an error.
        if (status != ARCHIVE_OK) {
            return damaged(place, said("member \"{}\": {}", name, lastError(a)));
        }
        if (offset < 0 || static_cast<std::uint64_t>(offset) != bytes.size()) {
            return damaged(place, said("member \"{}\" has gaps", name));
        }
        if (size > room - bytes.size()) {
            return failure(
                "zip.too_large",
                said("\"{}\" is refused: its {} bytes unpack to more than {} at member \"{}\", as "
                     "in archives that are made to exhaust memory; store the members without "
                     "compression.",
                     place, packed, room, name));
        }
        const auto* first = static_cast<const std::byte*>(block);
        bytes.insert(bytes.end(), first, first + size);
    }
}

Result<ZipMembers> readAll(std::span<const std::byte> bytes, std::string_view place,
                           const ZipLimits& limits) {
    if (!startsLikeZip(bytes)) {
        return failure("zip.not_a_zip",
                       said("\"{}\" is not a zip archive{}; choose a file that Keras or Strata saved.",
                            place, bytes.empty() ? said(" (it is empty)") : ""));
    }
    Reader reader(archive_read_new());
    if (!reader) throw std::bad_alloc();
    archive* a = reader.get();
    // Only the reader that starts from the table of contents at the end: what is cut off is noticed at once.
    archive_read_support_format_zip_seekable(a);
    if (archive_read_open_memory(a, bytes.data(), bytes.size()) != ARCHIVE_OK) {
        return damaged(place, said("its table of contents is missing, so the end of the file is lost"));
    }
    ZipMembers result;
    std::set<std::string, std::less<>> names;
    std::size_t entries = 0;
    std::uint64_t room = unpackedLimit(bytes.size(), limits);
    for (;;) {
        archive_entry* entry = nullptr;
        const int status = archive_read_next_header(a, &entry);
        if (status == ARCHIVE_EOF) break;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN) return damaged(place, lastError(a));
        if (++entries > limits.maxMembers) {
            return failure(
                "zip.too_many_members",
                said("\"{}\" is refused: it has more than {} members, a model has a few; choose a "
                     "file that Keras or Strata saved.",
                     place, limits.maxMembers));
        }
        const char* raw = nameOf(entry);
        if (raw == nullptr) return damaged(place, said("a member has an unreadable name"));
        std::string name = raw;
        const bool folder = archive_entry_filetype(entry) == AE_IFDIR;
        if (folder && name.ends_with('/')) name.pop_back();
        if (const Result<> sane = checkZipName(name, limits.maxNameLength); !sane) {
            return failure(sane.error().id,
                           said("\"{}\" is refused: {}", place, sane.error().message));
        }
        if (!names.insert(name).second) return damaged(place, said("it holds \"{}\" twice", name));
        if (archive_entry_is_data_encrypted(entry) || archive_entry_is_metadata_encrypted(entry)) {
            return failure("zip.encrypted",
                           said("\"{}\" is encrypted; unpack it and pack it again without a "
                                "password.",
                                place));
        }
        if (folder) continue;
        if (archive_entry_filetype(entry) != AE_IFREG) {
            return failure("zip.bad_name",
                           said("\"{}\" is refused: member \"{}\" is a link, not a file; pack "
                                "the file itself.",
                                place, name));
        }
        Result<std::vector<std::byte>> data = readMember(a, place, name, bytes.size(), room);
        if (!data) return data.error();
        room -= data->size();
        result.members.push_back({std::move(name), std::move(data).value()});
    }
    if (entries == 0) return damaged(place, said("it is empty"));
    return result;
}

} // namespace

Result<> checkZipName(std::string_view name, std::size_t maxLength) {
    const auto bad = [&](std::string_view why) {
        std::string shown;
        for (const char c : name.substr(0, 60))
            shown += static_cast<unsigned char>(c) < 32 ? '?' : c;
        return failure(
            "zip.bad_name",
            said("the member name \"{}\" {}; names are relative paths with \"/\".", shown, why));
    };
    if (name.empty()) return bad(said("is empty"));
    if (name.size() > maxLength) return bad(said("is longer than {} bytes", maxLength));
    if (name.front() == '/' || (name.size() > 1 && name[1] == ':')) return bad(said("is absolute"));
    for (const char c : name) {
        if (c == '\\') return bad(said("contains a backslash"));
        if (static_cast<unsigned char>(c) < 32 || c == 127) return bad(said("contains a control character"));
    }
    for (std::size_t from = 0; from <= name.size();) {
        const std::size_t to = std::min(name.find('/', from), name.size());
        const std::string_view part = name.substr(from, to - from);
        if (part.empty() || part == "." || part == "..") return bad(said("leaves its folder or has an empty part"));
        from = to + 1;
    }
    return {};
}

const ZipMember* ZipMembers::find(std::string_view name) const {
    const auto it =
        std::find_if(members.begin(), members.end(), [&](const ZipMember& m) { return m.name == name; });
    return it == members.end() ? nullptr : &*it;
}

Result<ZipMembers> readZip(std::span<const std::byte> archive, std::string_view place,
                           const ZipLimits& limits) {
    try {
        return readAll(archive, place, limits);
    } catch (const std::bad_alloc&) {
        return failure("zip.too_large",
                       said("\"{}\" does not fit into memory; close other programs or choose "
                            "a smaller file.",
                            place));
    }
}

Result<ZipMembers> readZip(const std::filesystem::path& path, const ZipLimits& limits) {
    const Result<std::vector<std::byte>> bytes = readWholeFile(path, limits.maxBytes);
    if (!bytes) return bytes.error();
    return readZip(*bytes, path.string(), limits);
}

} // namespace strata
