// SPDX-License-Identifier: GPL-3.0-or-later
// The side of the wall that may crash.
#include "engine/interop/hdf5_wall.h"
#include "engine/interop/hdf5_wire.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define STRATA_SHADOW_MEMORY 1
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STRATA_SHADOW_MEMORY 1
#endif

namespace strata {
namespace {

void limit(int what, rlim_t value) {
    const rlimit both{value, value};
    ::setrlimit(static_cast<__rlimit_resource>(what), &both);
}

/// Address space that the program and its libraries have taken before they did anything.
rlim_t takenAddressSpace() {
    unsigned long pages = 0;
    if (std::FILE* f = std::fopen("/proc/self/statm", "re")) {
        if (std::fscanf(f, "%lu", &pages) != 1) pages = 0;
        std::fclose(f);
    }
    return static_cast<rlim_t>(pages) * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE));
}

void buildWall(std::uint64_t fileSize, const H5Limits& limits, rlim_t seconds) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0); // it has no business with files
    const rlim_t computing = seconds + (fileSize >> 24);
    const rlimit softFirst{computing, computing + 2}; // SIGXCPU says why, SIGKILL would not
    ::setrlimit(RLIMIT_CPU, &softFirst);
#ifndef STRATA_SHADOW_MEMORY // sanitizers reserve terabytes
    const rlim_t taken = takenAddressSpace();
    // The file twice (mapped, and libhdf5's copy), the values in the tree, in the reply and while a vector
    // grows.
    const rlim_t working = 4 * valueLimit(fileSize, limits) + 4 * fileSize + (rlim_t{128} << 20);
    if (taken > 0) limit(RLIMIT_AS, taken + working);
#else
    (void)fileSize;
    (void)limits;
    (void)takenAddressSpace;
#endif
}

bool writeAll(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

std::uint64_t argument(int argc, char** argv, int index, std::uint64_t otherwise) {
    return index < argc ? std::strtoull(argv[index], nullptr, 10) : otherwise;
}

int readForParent(int argc, char** argv) {
    H5Limits limits;
    limits.freeBytes = argument(argc, argv, 2, limits.freeBytes);
    limits.ratio = argument(argc, argv, 3, limits.ratio);
    limits.maxNodes = argument(argc, argv, 4, limits.maxNodes);
    limits.maxDepth = static_cast<std::uint32_t>(argument(argc, argv, 5, limits.maxDepth));
    struct stat info {};
    if (::fstat(STDIN_FILENO, &info) != 0 || !S_ISREG(info.st_mode)) return h5WallFailed;
    const auto size = static_cast<std::size_t>(info.st_size);
    buildWall(size, limits, argument(argc, argv, 6, 5));
    void* mapped = size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0) : nullptr;
    if (mapped == MAP_FAILED) return h5WallFailed;
    const std::span file(static_cast<const std::byte*>(mapped), size);
    return writeAll(encodeH5Reply(readHdf5(file, limits))) ? 0 : h5WallFailed;
}

} // namespace

std::optional<int> runHdf5WallChild(int argc, char** argv) {
    if (argc < 2 || std::strcmp(argv[1], "--read-hdf5") != 0) return std::nullopt;
    int code = h5WallFailed;
    try {
        code = readForParent(argc, argv);
    } catch (const std::exception&) { // bad_alloc: the parent says that the file is damaged
    }
    // No destructors of libraries after libhdf5 has read a foreign file.
    ::_exit(code);
}

} // namespace strata
