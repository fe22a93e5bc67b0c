// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/zip_salvage.h"

#include <algorithm>
#include <array>
#include <optional>
#include <zlib.h>

namespace strata {
namespace {

using Bytes = std::span<const std::byte>;

constexpr std::array<std::byte, 4> kMark{std::byte{'P'}, std::byte{'K'}, std::byte{3}, std::byte{4}};
constexpr std::size_t kHead = 30; ///< of a member, before its name (APPNOTE.TXT 4.3.7)

std::uint32_t little(Bytes bytes, std::size_t at, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = count; i-- > 0;)
        value = value << 8 | static_cast<std::uint32_t>(bytes[at + i]);
    return value;
}

struct Head {
    std::string name;
    std::size_t first = 0, size = 0; ///< of its data, from the head's first byte
    std::uint32_t crc = 0;
};

/// None: here is no head of a stored member.
std::optional<Head> headAt(Bytes bytes) {
    if (bytes.size() < kHead || !std::equal(kMark.begin(), kMark.end(), bytes.begin())) return {};
    const std::size_t nameLength = little(bytes, 26, 2), extraLength = little(bytes, 28, 2);
    Head head{{}, kHead + nameLength + extraLength, little(bytes, 22, 4), little(bytes, 14, 4)};
    const bool stored = little(bytes, 8, 2) == 0;
    if (!stored || nameLength == 0 || nameLength > ZipLimits().maxNameLength || head.first > bytes.size()) return {};
    head.name.assign(reinterpret_cast<const char*>(bytes.data()) + kHead, nameLength);
    if (!checkZipName(head.name, ZipLimits().maxNameLength)) return {};
    return head;
}

/// `mayCheck`: how many bytes the search may still make checksums of. Heads that claim what others have would cost
/// the whole archive each; an honest one costs its members once, and again where a damaged one had others inside.
bool isWhole(const Head& head, Bytes bytes, std::uint64_t& mayCheck) {
    if (head.size > bytes.size() - head.first || head.size > mayCheck) return false;
    mayCheck -= head.size;
    return crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data() + head.first), head.size) == head.crc;
}

} // namespace

SalvagedZip salvageZip(Bytes archive) {
    SalvagedZip out;
    const std::uint64_t most = std::uint64_t{4} * archive.size();
    std::uint64_t mayCheck = most;
    std::size_t marks = 0;
    for (std::size_t at = 0; marks < ZipLimits().maxMembers; ++marks) {
        const auto mark = std::search(archive.begin() + static_cast<std::ptrdiff_t>(at), archive.end(), kMark.begin(), kMark.end());
        if (mark == archive.end()) break;
        at = static_cast<std::size_t>(mark - archive.begin());
        const Bytes rest = archive.subspan(at);
        const std::optional<Head> head = headAt(rest);
        at += kMark.size();
        if (!head) continue;
        const bool known = out.whole.find(head->name) != nullptr;
        if (!known && isWhole(*head, rest, mayCheck)) {
            const Bytes data = rest.subspan(head->first, head->size);
            out.whole.members.push_back({head->name, {data.begin(), data.end()}});
            at += head->first + head->size - kMark.size();
        } else if (!known && std::ranges::find(out.lost, head->name) == out.lost.end()) {
            out.lost.push_back(head->name);
        }
    }
    out.checked = most - mayCheck;
    std::erase_if(out.lost, [&](const std::string& name) { return out.whole.find(name) != nullptr; });
    return out;
}

std::vector<std::string> namesInHeads(Bytes archive) {
    std::vector<std::string> out;
    while (out.size() < ZipLimits().maxMembers) {
        std::optional<Head> head = headAt(archive);
        if (!head) break;
        out.push_back(std::move(head->name));
        if (head->size > archive.size() - head->first) break;
        archive = archive.subspan(head->first + head->size);
    }
    return out;
}

} // namespace strata
