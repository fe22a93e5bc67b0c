// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_wall.h"

#include "engine/core/said.h"
#include "engine/interop/hdf5_wire.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <new>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

extern char** environ;

namespace strata {
namespace {

constexpr const char* childArgument = "--read-hdf5";
constexpr const char* childVariable = "STRATA_HDF5_CHILD";

class Descriptor {
public:
    explicit Descriptor(int fd = -1)
        : m_fd(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() { close(); }
    int get() const { return m_fd; }
    bool open() const { return m_fd >= 0; }
    void reset(int fd) {
        close();
        m_fd = fd;
    }
    void close() {
        if (m_fd >= 0) ::close(std::exchange(m_fd, -1));
    }

private:
    int m_fd;
};

Error noReader(std::string_view why) {
    return failure(
        "hdf5.no_reader",
        said("The HDF5 file could not be read: the program that reads it apart from this one {}; "
             "install Strata again.",
             why));
}

Error damaged(std::string_view why) {
    return failure("hdf5.damaged",
                   said("The HDF5 file is damaged: reading it {}; fetch or save it again.", why));
}

/// The file in memory that the child maps: nothing to write to disk and no pipe that could block both sides.
bool fillMemoryFile(Descriptor& memory, std::span<const std::byte> file) {
    memory.reset(::memfd_create("strata-hdf5", MFD_CLOEXEC));
    if (!memory.open()) return false;
    while (!file.empty()) {
        const ssize_t written =
            ::write(memory.get(), file.data(), std::min<std::size_t>(file.size(), 1u << 30));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        file = file.subspan(static_cast<std::size_t>(written));
    }
    return ::lseek(memory.get(), 0, SEEK_SET) == 0;
}

/// Spawn attributes and actions, freed at the end of the scope.
class SpawnPlan {
public:
    SpawnPlan(int input, int output) {
        posix_spawn_file_actions_init(&actions);
        posix_spawnattr_init(&attributes);
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
        sigset_t all;
        sigset_t none;
        sigfillset(&all);
        sigemptyset(&none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        posix_spawn_file_actions_destroy(&actions);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_t actions{};
    posix_spawnattr_t attributes{};
};

/// posix_spawn and not fork: other threads may hold the allocator's locks.
int spawnChild(pid_t& child, const H5WallOptions& options, int input, int output) {
    const SpawnPlan plan(input, output);
    std::string marked = fmt::format("{}=1", childVariable);
    std::string oneThread = "OPENBLAS_NUM_THREADS=1"; // its threads would only cost start-up time and memory
    std::string freeBytes = std::to_string(options.limits.freeBytes);
    std::string ratio = std::to_string(options.limits.ratio);
    std::string nodes = std::to_string(options.limits.maxNodes);
    std::string depth = std::to_string(options.limits.maxDepth);
    std::string seconds = std::to_string(options.computing.count());
    std::string program = options.program.string();
    std::string argument = childArgument;
    std::array<char*, 8> arguments{program.data(), argument.data(), freeBytes.data(), ratio.data(),
                                   nodes.data(),   depth.data(),    seconds.data(),   nullptr};
    std::vector<char*> variables{marked.data(), oneThread.data()};
    for (char** v = environ; v != nullptr && *v != nullptr; ++v) {
        if (!std::string_view(*v).starts_with("OPENBLAS_NUM_THREADS=")) variables.push_back(*v);
    }
    variables.push_back(nullptr);
    return ::posix_spawn(&child, program.c_str(), &plan.actions, &plan.attributes, arguments.data(),
                         variables.data());
}

thread_local std::stop_token stopOfThisThread;
constexpr std::int64_t kLookMs = 50; ///< how soon a stop is noticed

Error stopped() {
    return failure("hdf5.stopped", said("The reading was stopped."));
}

enum class Ending { Complete, TooMuch, TooLate, Failed, Stopped };

/// Everything the child writes, until it closes its end.
Ending receive(int from, std::vector<std::byte>& reply, std::uint64_t most,
               std::chrono::steady_clock::time_point end) {
    std::vector<std::byte> block(256 << 10);
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now())
                .count();
        if (left <= 0) return Ending::TooLate;
        if (stopOfThisThread.stop_requested()) return Ending::Stopped;
        pollfd waiting{from, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left, kLookMs)));
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        if (ready < 0) return Ending::Failed;
        const ssize_t got = ::read(from, block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return Ending::Failed;
        if (got == 0) return Ending::Complete;
        if (static_cast<std::uint64_t>(got) > most - reply.size()) return Ending::TooMuch;
        reply.insert(reply.end(), block.begin(), block.begin() + got);
    }
}

/// A child that has closed its output has still to end by itself.
bool endsBefore(pid_t child, std::chrono::steady_clock::time_point end) {
    const Descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    if (!ended.open()) return true; // Linux before 5.3, or collected already
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd waiting{ended.get(), POLLIN, 0};
        const int ready =
            ::poll(&waiting, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 1000)));
        if (ready > 0) return true;
        if (left.count() <= 0) return false;
    }
}

int waitFor(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return -1; // someone else ignores SIGCHLD: then the reply alone decides
    }
    return status;
}

/// Kills and collects the child on every way out.
class ChildGuard {
public:
    explicit ChildGuard(pid_t child)
        : m_child(child) {}
    ChildGuard(const ChildGuard&) = delete;
    ChildGuard& operator=(const ChildGuard&) = delete;
    ~ChildGuard() { kill(); }
    int finish() { return waitFor(std::exchange(m_child, -1)); }
    void kill() {
        if (m_child <= 0) return;
        ::kill(m_child, SIGKILL);
        finish();
    }

private:
    pid_t m_child;
};

Result<H5Tree> readThroughChild(std::span<const std::byte> file, const H5WallOptions& options) {
    if (std::getenv(childVariable) != nullptr) {
        return noReader(said("is this program, whose main does not begin with runHdf5WallChild"));
    }
    if (stopOfThisThread.stop_requested()) return stopped();
    Descriptor memory;
    if (!fillMemoryFile(memory, file))
        return noReader(said("cannot be given the file ({})", std::strerror(errno)));
    std::array<int, 2> ends{-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return noReader(said("has no pipe ({})", std::strerror(errno)));
    const Descriptor from(ends[0]);
    Descriptor to(ends[1]);
    pid_t pid = -1;
    if (const int error = spawnChild(pid, options, memory.get(), to.get())) {
        return noReader(
            said("does not start ({})", std::error_code(error, std::generic_category()).message()));
    }
    ChildGuard child(pid);
    to.close();

    const std::chrono::milliseconds allowance(static_cast<std::int64_t>(file.size() >> 24) * 1000);
    const auto end = std::chrono::steady_clock::now() + options.time + allowance;
    // Names, dims and lengths come on top of the values.
    const std::uint64_t most = 2 * valueLimit(file.size(), options.limits) +
                               256 * std::min<std::uint64_t>(options.limits.maxNodes, 1 << 20);
    std::vector<std::byte> reply;
    const Ending ending = receive(from.get(), reply, most, end);
    if (ending == Ending::Stopped) return stopped();
    if (ending == Ending::TooLate) return damaged(said("takes too long"));
    if (ending == Ending::TooMuch) return damaged(said("gives more than the file can hold"));
    if (ending == Ending::Failed) return noReader(said("cannot be heard"));

    if (!endsBefore(pid, end)) return damaged(said("takes too long"));
    const int status = child.finish();
    if (auto decoded = decodeH5Reply(reply)) return std::move(*decoded);
    if (status >= 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return damaged(said("takes too long"));
    if (status >= 0 && WIFSIGNALED(status))
        return damaged(said("ended with a crash ({})", ::strsignal(WTERMSIG(status))));
    if (reply.empty() && status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return noReader(said("does not start"));
    if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == h5WallFailed)
        return damaged(said("ended without a result"));
    return noReader(said("answers something else"));
}

} // namespace

H5WallStop::H5WallStop(std::stop_token stop)
    : m_before(std::exchange(stopOfThisThread, std::move(stop))) {}

H5WallStop::~H5WallStop() {
    stopOfThisThread = std::move(m_before);
}

Result<H5Tree> readHdf5Guarded(std::span<const std::byte> file, const H5WallOptions& options) {
    try {
        return readThroughChild(file, options);
    } catch (const std::exception&) { // bad_alloc
        return failure(
            "hdf5.too_large",
            said("The HDF5 file does not fit into memory; close other programs or choose a smaller file."));
    }
}

} // namespace strata
