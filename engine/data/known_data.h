// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "engine/core/result.h"

namespace strata {

enum class DataFormat { Idx, Cifar, ImageFolder, ImageArchive };

struct RecognisedData {
    DataFormat format = DataFormat::Idx;
    /// The folder that really holds the files: a lone subfolder (as unpacking an archive leaves it) or
    /// torchvision's "raw" is gone into.
    std::string path;
};

/// Which format a file or folder is, by its first bytes; an error that says what was looked for when it is
/// none.
Result<RecognisedData> recogniseData(const std::string& path);

/// A name looked up in dataFolders(), then among dataPlaces(); an error that says where to put which files when it is nowhere.
Result<std::string> findNamedData(const std::string& name);

} // namespace strata
