// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace strata {

/// The files below a folder, or inside a tar or zip archive, as one kind of thing; nothing is unpacked to
/// disk.
class FolderReader {
public:
    /// Lists the files. `totalLimit` bounds what an archive may unpack to.
    static Result<FolderReader> open(const std::string& path, std::uint64_t totalLimit, std::stop_token stop);

    /// Relative, with "/", in the order in which read() comes to them.
    const std::vector<std::string>& files() const { return m_files; }

    using Visitor = std::function<Result<>(std::size_t file, std::vector<std::uint8_t> bytes)>;
    /// Reads the files for which `wanted[file]`, one after the other. A file that cannot be read comes as no
    /// bytes.
    Result<> read(const std::vector<bool>& wanted, const Visitor& visit, std::stop_token stop) const;

private:
    std::string m_path;
    bool m_isArchive = false;
    std::vector<std::string> m_files;
};

/// Is the file a tar (also compressed) or a zip archive with something in it?
bool isArchive(const std::string& path);

} // namespace strata
