// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/data/data_options.h"
#include "engine/data/dataset.h"

namespace strata {

/// One IDX file (the format of MNIST, http://yann.lecun.com/exdb/mnist): two zero bytes, the type of the
/// values, the number of dimensions, the dimensions as big-endian 32-bit numbers, the values.
struct IdxArray {
    std::vector<std::int64_t> dims;
    std::vector<std::uint8_t> values;
};

/// The number of dimensions when the file begins like an IDX file of unsigned bytes, whatever its name.
std::optional<int> idxRank(const std::string& path);

/// The whole file, which may be compressed. Refuses what is truncated, too long, or larger than
/// `memoryLimit`.
Result<IdxArray> readIdx(const std::string& path, std::uint64_t memoryLimit);

/// Does a folder hold at least one IDX file of images?
bool hasIdxFiles(const std::string& folder);

/// A folder with image and label files, or one image or label file, whose partner (…images… / …labels…) and
/// whose other part (train… / t10k… or test…) are looked for beside it.
Result<DataSource> openIdx(const std::string& path, const DataOptions& options);

} // namespace strata
