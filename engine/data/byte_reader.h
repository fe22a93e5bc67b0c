// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace strata {

/// A file from its beginning to its end, unpacked on the way when its bytes say gzip, bzip2, xz or zstd. It
/// hands out no more than is asked for, so a small file that unpacks to terabytes costs what the caller
/// wanted to read.
class ByteReader {
public:
    static Result<ByteReader> open(const std::string& path);
    ByteReader(ByteReader&&) noexcept;
    ByteReader& operator=(ByteReader&&) noexcept;
    ~ByteReader();

    /// Fills `out`; returns fewer bytes only at the end of the file.
    Result<std::size_t> read(std::span<std::uint8_t> out);

    /// `count` bytes, or as many as the file still has. Memory grows with what really arrives.
    Result<std::vector<std::uint8_t>> readUpTo(std::uint64_t count);

    /// The size on disk when the file is not compressed, else 0.
    std::uint64_t plainSize() const;

private:
    struct Impl;
    explicit ByteReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// The file's first `count` bytes, unpacked (fewer when it is shorter; none when it cannot be read).
std::vector<std::uint8_t> peekFile(const std::string& path, std::size_t count);

} // namespace strata
