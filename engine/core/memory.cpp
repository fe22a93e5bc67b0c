// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/memory.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <string>

namespace strata {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kEndless = std::numeric_limits<std::int64_t>::max() / 4; ///< how v1 writes "no limit"

std::optional<std::int64_t> numberIn(const fs::path& file) {
    std::ifstream in(file);
    std::int64_t value = 0;
    return in >> value && value >= 0 ? std::optional(value) : std::nullopt; // "max" is no number
}

/// The number behind a word: "MemAvailable:   1234 kB", "inactive_file 1234".
std::optional<std::int64_t> numberAfter(const fs::path& file, std::string_view word) {
    std::ifstream in(file);
    for (std::string name, line; in >> name; std::getline(in, line)) {
        std::int64_t value = 0;
        if (name == word && in >> value) return value;
    }
    return {};
}

/// What the names of a group's files are, which the two versions of control groups have different ones for.
struct Version {
    const char* limit;
    const char* usage;
    const char* cache; ///< in memory.stat: pages that go when somebody needs the room
};
constexpr Version kFirst{"memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"};
constexpr Version kSecond{"memory.max", "memory.current", "inactive_file"};

std::int64_t leftIn(const fs::path& group, const Version& version) {
    const auto limit = numberIn(group / version.limit);
    const auto usage = numberIn(group / version.usage);
    if (!limit || !usage || *limit >= kEndless) return kEndless;
    const std::int64_t cache = numberAfter(group / "memory.stat", version.cache).value_or(0);
    return std::max<std::int64_t>(0, *limit - std::max<std::int64_t>(0, *usage - cache));
}

/// The least that a group and those above it leave. In a container the group's own path may be missing and its
/// files be at the top.
std::int64_t leftInGroups(const fs::path& mount, const std::string& group, const Version& version) {
    std::int64_t least = kEndless;
    for (fs::path at = fs::path(group).relative_path();; at = at.parent_path()) {
        least = std::min(least, leftIn(mount / at, version));
        if (at.empty()) return least;
    }
}

std::int64_t leftInGroups(const fs::path& root) {
    std::int64_t least = kEndless;
    std::ifstream in(root / "proc/self/cgroup");
    for (std::string line; std::getline(in, line);) { // "4:memory:/a/b", "0::/a/b"
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        const std::string controllers = line.substr(first + 1, second - first - 1);
        const std::string group = line.substr(second + 1);
        if (controllers.empty())
            least = std::min(least, leftInGroups(root / "sys/fs/cgroup", group, kSecond));
        else if (("," + controllers + ",").find(",memory,") != std::string::npos)
            least = std::min(least, leftInGroups(root / "sys/fs/cgroup/memory", group, kFirst));
    }
    return least;
}

} // namespace

std::optional<std::int64_t> bytesFromText(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    const int shift = unit.empty() ? 0 : unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : -1;
    if (error != std::errc() || value < 0 || shift < 0 || value > (kEndless >> shift)) return {};
    return value << shift;
}

std::optional<std::int64_t> systemMemory(const fs::path& root) {
    const std::optional<std::int64_t> kilobytes = numberAfter(root / "proc/meminfo", "MemAvailable:");
    const std::int64_t left = std::min(kilobytes ? *kilobytes * 1024 : kEndless, leftInGroups(root));
    return left == kEndless ? std::nullopt : std::optional(left);
}

std::int64_t availableMemory() {
    const char* wanted = std::getenv("STRATA_MEMORY_LIMIT"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    const std::int64_t allowed = bytesFromText(wanted == nullptr ? "" : wanted).value_or(kEndless);
    return std::min(allowed, systemMemory("/").value_or(kEndless));
}

} // namespace strata
