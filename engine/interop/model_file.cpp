// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/model_file.h"

#include "engine/core/atomic_file.h"
#include "engine/core/lower_case.h"
#include "engine/core/memory.h"
#include "engine/core/number_text.h"
#include "engine/core/said.h"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace strata {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMostJson = std::uint64_t{256} << 20; ///< a drawing of tens of thousands of layers

/// Up to `count` bytes from `first` on; fewer at the end of the file.
std::string bytesAt(std::ifstream& file, std::uint64_t first, std::uint64_t count) {
    std::string bytes(static_cast<std::size_t>(count), '\0');
    file.clear();
    file.seekg(static_cast<std::streamoff>(first));
    file.read(bytes.data(), static_cast<std::streamsize>(count));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
    return bytes;
}

std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0 && at + i < bytes.size();)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

/// The end of the file's data as HDF5's superblock has it (File Format Specification, II.A). Nullopt: it is none of the
/// usual ones, and HDF5 itself shall say so.
std::optional<std::uint64_t> endOfHdf5(std::string_view head) {
    if (head.size() < 48) return {};
    const std::uint64_t version = little(head, 8, 1);
    const bool old = version < 2;
    if (version > 3 || little(head, old ? 13 : 9, 1) != 8) return {}; // addresses of another size
    const std::size_t base = old ? (version == 0 ? 24 : 28) : 12;
    const std::uint64_t begin = little(head, base, 8), end = little(head, base + 16, 8);
    constexpr std::uint64_t most = std::uint64_t{1} << 48; // undefined addresses are all ones
    return begin < most && end >= head.size() && end < most ? std::optional(begin + end) : std::nullopt;
}

/// What the members of a zip archive take by its table of contents, heads included. Nullopt: there is no such table, or
/// sizes beyond 32 bits.
std::optional<std::uint64_t> membersOfZip(std::ifstream& file, std::uint64_t size) {
    constexpr std::uint64_t farthest = (1U << 16) + 22, mostTable = std::uint64_t{64} << 20;
    const std::string tail = bytesAt(file, size - std::min(size, farthest), std::min(size, farthest));
    const std::size_t end = tail.rfind("PK\x05\x06");
    if (end == std::string::npos) return {};
    const std::uint64_t tableSize = little(tail, end + 12, 4), tableAt = little(tail, end + 16, 4);
    if (tableAt > size || tableSize > std::min(size - tableAt, mostTable)) return {};
    const std::string table = bytesAt(file, tableAt, tableSize);
    std::uint64_t sum = tableSize + tail.size() - end;
    for (std::size_t at = 0; at + 46 <= table.size();) {
        const std::uint64_t packed = little(table, at + 20, 4), name = little(table, at + 28, 2), extra = little(table, at + 30, 2);
        if (packed == 0xFFFFFFFF) return {};
        sum += 30 + name + extra + packed;
        at += static_cast<std::size_t>(46 + name + extra + little(table, at + 32, 2));
    }
    return sum;
}

Error padded(const std::string& place, std::uint64_t size, std::uint64_t known) {
    return failure("zip.too_large", said("\"{}\" is refused: it has {}, and its table of contents knows of {}; fetch or save the file again.",
                                         place, byteText(size), byteText(known)));
}

Error unknownFile(const std::string& place) {
    return failure("keras.unknown_file", said("{} is no model that Strata opens: it is neither a "
                                              ".keras archive, nor an HDF5 file, nor a Keras .json.",
                                              place));
}

/// How many bytes there are to read.
Result<std::uint64_t> justified(const fs::path& path, std::uint64_t size) {
    std::ifstream file(path, std::ios::binary);
    const std::string place = path.filename().string(), head = bytesAt(file, 0, std::min<std::uint64_t>(size, 4096));
    if (head.starts_with("\x89HDF\r\n\x1a\n")) return std::min(size, endOfHdf5(head.substr(0, 64)).value_or(size));
    if (head.starts_with("PK")) {
        const std::optional<std::uint64_t> known = membersOfZip(file, size);
        constexpr std::uint64_t slack = std::uint64_t{16} << 20; // alignment, descriptors, a damaged table
        if (known && size > 2 * *known + slack) return padded(place, size, *known);
        return size;
    }
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && head[first] == '{') {
        if (size <= kMostJson) return size;
        return failure("file.too_large", said("\"{}\" is too large: {} bytes, at most {} are read.", place, size, kMostJson));
    }
    // The beginning of an archive may be lost and its members be there.
    constexpr std::uint64_t small = std::uint64_t{1} << 20;
    if (lowerCase(path.extension().string()) == ".keras" || size <= small) return size;
    return unknownFile(place);
}

} // namespace

Result<std::vector<std::byte>> readModelFile(const fs::path& path) {
    std::error_code error;
    const std::uint64_t size = fs::is_regular_file(path, error) ? fs::file_size(path, error) : 0;
    if (error || size == 0) return readWholeFile(path); // says what it is instead
    const Result<std::uint64_t> count = justified(path, size);
    if (!count) return count.error();
    const auto free = static_cast<std::uint64_t>(std::max<std::int64_t>(availableMemory(), 0));
    if (*count > free) {
        return failure("file.too_large", said("\"{}\" needs {} of memory, more than the {} there are; close other programs or choose a "
                                              "smaller file.",
                                              path.filename().string(), byteText(*count), byteText(free)));
    }
    return readFileStart(path, *count);
}

} // namespace strata
