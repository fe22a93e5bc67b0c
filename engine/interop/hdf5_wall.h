// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/hdf5_tree.h"

#include <chrono>
#include <filesystem>
#include <stop_token>

namespace strata {

/// A wall between foreign HDF5 and this process: libhdf5 1.10 has memory faults on crafted files, so they are
/// read in a child process with limits on memory and time; its crash means that the file is damaged. The
/// child is this same program, started with the hidden argument --read-hdf5: every main() that may open files
/// begins with
///
///     if (const auto code = strata::runHdf5WallChild(argc, argv)) return *code;
struct H5WallOptions {
    H5Limits limits;
    /// Of computing and by the clock; both get one second more for every 16 MiB of the file. A crafted file can
    /// make libhdf5 turn in circles, an honest one takes milliseconds.
    std::chrono::seconds computing{5};
    std::chrono::milliseconds time{30000};
    std::filesystem::path program = "/proc/self/exe";
};

/// readHdf5 behind the wall. Thread-safe, several may run at once.
/// Errors: those of readHdf5; hdf5.damaged also for a child that crashed or ran out of time or memory;
/// hdf5.no_reader when the child could not be started (or the program's main lacks the line above).
Result<H5Tree> readHdf5Guarded(std::span<const std::byte> file, const H5WallOptions& options = {});

/// While it lives, readHdf5Guarded on this thread gives up (hdf5.stopped) as soon as `stop` is requested, and starts no
/// further child: for a person who no longer wants the file.
class H5WallStop {
public:
    explicit H5WallStop(std::stop_token stop);
    H5WallStop(const H5WallStop&) = delete;
    H5WallStop& operator=(const H5WallStop&) = delete;
    ~H5WallStop();

private:
    std::stop_token m_before;
};

/// The child's side: nullopt in an ordinary start of the program, else the exit code to return at once.
std::optional<int> runHdf5WallChild(int argc, char** argv);

} // namespace strata
