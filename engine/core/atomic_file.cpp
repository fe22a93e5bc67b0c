// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/atomic_file.h"

#include "engine/core/said.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <limits>
#include <new>
#include <optional>
#include <random>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace strata {
namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    explicit Descriptor(int fd = -1)
        : m_fd(fd) {}
    Descriptor(Descriptor&& other) noexcept
        : m_fd(std::exchange(other.m_fd, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~Descriptor() {
        if (m_fd >= 0) ::close(m_fd);
    }
    int get() const { return m_fd; }
    bool open() const { return m_fd >= 0; }

private:
    int m_fd;
};

std::string reason(int error) {
    return std::error_code(error, std::generic_category()).message();
}

Error writeError(const fs::path& path, int error) {
    if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
        return failure(
            "file.disk_full",
            said("\"{}\" was not saved: there is no room for it ({}); the file is as it was. "
                 "Free some space or save to another disk.",
                 path.string(), reason(error)));
    }
    if (error == ENOENT || error == ENOTDIR) {
        return failure("file.no_folder",
                       said("\"{}\" was not saved: its folder does not exist; create the "
                            "folder or choose another one.",
                            path.string()));
    }
    if (error == EACCES || error == EPERM || error == EROFS) {
        return failure("file.read_only",
                       said("\"{}\" was not saved: {}; save under another name or folder.",
                            path.string(), reason(error)));
    }
    return failure(
        "file.write_failed",
        said("\"{}\" was not saved: {}; the file is as it was. Try again or save to another disk.",
             path.string(), reason(error)));
}

int writeAll(int fd, std::span<const std::byte> bytes) {
    constexpr std::size_t step = std::size_t{1} << 30;
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), std::min(bytes.size(), step));
        if (written < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return 0;
}

/// A new file in the target's folder: without a name where the file system can (nothing is left behind by a
/// kill), else under a hidden one. Removes the name unless it was renamed.
class NewFile {
public:
    explicit NewFile(const fs::path& target)
        : m_target(target) {
        const fs::path folder = target.parent_path();
        m_fd = Descriptor(::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
        if (m_fd.open()) return;
        m_error = errno;
        if (m_error != EOPNOTSUPP && m_error != EISDIR && m_error != EINVAL) return;
        pickName();
        m_fd = Descriptor(::open(m_name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0666));
        m_error = m_fd.open() ? 0 : errno;
        if (!m_fd.open()) m_name.clear();
    }
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    ~NewFile() {
        if (!m_name.empty()) ::unlink(m_name.c_str());
    }
    bool open() const { return m_fd.open(); }
    int fd() const { return m_fd.get(); }
    int error() const { return m_error; }

    /// 0, or why the target could not be replaced.
    int takeTargetsName() {
        if (m_name.empty()) {
            pickName();
            const std::string self = fmt::format("/proc/self/fd/{}", m_fd.get());
            if (::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, m_name.c_str(), AT_SYMLINK_FOLLOW) != 0) {
                const int error = errno;
                m_name.clear();
                return error;
            }
        }
        if (::rename(m_name.c_str(), m_target.c_str()) != 0) return errno;
        m_name.clear();
        return 0;
    }

private:
    void pickName() {
        std::random_device random;
        m_name = m_target.parent_path() /
                 fmt::format(".{:.200}.{:08x}{:08x}~", m_target.filename().string(), random(), random());
    }

    fs::path m_target;
    fs::path m_name; // empty while the file has no name of its own
    Descriptor m_fd;
    int m_error = 0;
};

int syncFolder(const fs::path& folder) {
    const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // A folder that may be written but not listed, and file systems without folder sync, have done all they
    // can.
    if (!fd.open() || ::fsync(fd.get()) == 0 || errno == EINVAL || errno == ENOTSUP) return 0;
    return errno;
}

/// Follows links, so that a link to a file stays a link.
fs::path resolved(const fs::path& path) {
    std::error_code ignored;
    fs::path full = fs::weakly_canonical(fs::absolute(path, ignored), ignored);
    return full.empty() ? path : full;
}

Result<> replaceFile(const fs::path& path, std::span<const std::byte> bytes) {
    const fs::path target = resolved(path);
    struct stat old {};
    const bool exists = ::stat(target.c_str(), &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) {
        return failure("file.not_a_file",
                       said("\"{}\" was not saved: {}; choose another name.", path.string(),
                            S_ISDIR(old.st_mode) ? said("it is a folder") : said("it is not an ordinary file")));
    }
    if (exists && ::access(target.c_str(), W_OK) != 0) return writeError(path, errno);

    NewFile file(target);
    if (!file.open()) return writeError(path, file.error());
    if (const int error = writeAll(file.fd(), bytes)) return writeError(path, error);
    if (exists) {
        // Another owner's file can only be kept theirs by root; the bits can always be kept.
        if (::fchown(file.fd(), old.st_uid, old.st_gid) != 0 && errno != EPERM)
            return writeError(path, errno);
        if (::fchmod(file.fd(), old.st_mode & 0777) != 0 && errno != EPERM) return writeError(path, errno);
    }
    if (::fsync(file.fd()) != 0) return writeError(path, errno);
    if (const int error = file.takeTargetsName()) return writeError(path, error);
    if (const int error = syncFolder(target.parent_path())) {
        return failure("file.write_failed",
                       said("\"{}\" was saved, but its disk reports {}; save a copy to another disk.",
                            path.string(), reason(error)));
    }
    return {};
}

Result<std::vector<std::byte>> readAll(const fs::path& path, std::uint64_t maxBytes, std::uint64_t wanted) {
    const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd.open()) {
        const int error = errno;
        if (error == ENOENT || error == ENOTDIR) {
            return failure("file.not_found",
                           said("\"{}\" does not exist; check the name.", path.string()));
        }
        return failure("file.unreadable", said("\"{}\" cannot be read: {}; check its permissions.",
                                               path.string(), reason(error)));
    }
    struct stat info {};
    if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
        return failure("file.not_a_file",
                       said("\"{}\" cannot be read: it is {}; choose a file.", path.string(),
                            S_ISDIR(info.st_mode) ? said("a folder") : said("not an ordinary file")));
    }
    if (static_cast<std::uint64_t>(info.st_size) > maxBytes) {
        return failure("file.too_large", said("\"{}\" is too large: {} bytes, at most {} are read.",
                                              path.string(), info.st_size, maxBytes));
    }
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::min(static_cast<std::uint64_t>(info.st_size), wanted)));
    std::size_t have = 0;
    while (have < bytes.size()) {
        const ssize_t got = ::read(fd.get(), bytes.data() + have, bytes.size() - have);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            return failure("file.unreadable", said("\"{}\" cannot be read: {}; try a copy of it.",
                                                   path.string(), reason(errno)));
        }
        if (got == 0) break; // it was cut while we read: give what there is
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

} // namespace

Result<> writeFileAtomically(const fs::path& path, std::span<const std::byte> bytes) {
    try {
        return replaceFile(path, bytes);
    } catch (const std::exception& e) { // std::filesystem and std::random_device may throw
        return failure("file.write_failed", said("\"{}\" was not saved: {}; the file is as it was.",
                                                 path.string(), e.what()));
    }
}

Result<> writeFileAtomically(const fs::path& path, std::string_view text) {
    return writeFileAtomically(path, std::as_bytes(std::span(text)));
}

namespace {

Result<std::vector<std::byte>> readGuarded(const fs::path& path, std::uint64_t maxBytes, std::uint64_t wanted) {
    try {
        return readAll(path, maxBytes, wanted);
    } catch (const std::bad_alloc&) {
        return failure("file.too_large",
                       said("\"{}\" does not fit into memory; close other programs or "
                            "choose a smaller file.",
                            path.string()));
    }
}

} // namespace

Result<std::vector<std::byte>> readWholeFile(const fs::path& path, std::uint64_t maxBytes) {
    return readGuarded(path, maxBytes, maxBytes);
}

Result<std::vector<std::byte>> readFileStart(const fs::path& path, std::uint64_t count) {
    return readGuarded(path, std::numeric_limits<std::uint64_t>::max(), count);
}

} // namespace strata
