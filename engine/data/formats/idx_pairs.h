// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "engine/core/result.h"

namespace strata {

/// Which file of images belongs to which file of labels. An empty path: not there.
struct IdxPair {
    std::string images;
    std::string labels;
};

struct IdxFiles {
    std::string folder;
    /// What the files' common name or else the folder says, e.g. "emnist-digits".
    std::string name;
    IdxPair train;
    /// None when there is a single part; that one is then `train`, whatever its name.
    std::optional<IdxPair> test;
};

/// Sorts the IDX files of a folder (or those that belong to one file) by what their first bytes and names
/// say. Fails when a folder holds several sets, or none.
Result<IdxFiles> findIdxFiles(const std::string& path);

} // namespace strata
