// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/core/result.h"
#include "engine/data/data_options.h"
#include "engine/data/dataset.h"

namespace strata {

/// Images in folders named after their classes: root/class/*, or root/train/class/* and root/test/class/*
/// (also "training", "testing"; "val", "valid", "validation" stand in for a test part that is not there).
/// Folders that everything lies in are passed over. Hidden files and files that are not named like pictures
/// are ignored.

/// Does `folder` hold folders with pictures, itself or in parts?
bool hasClassFolders(const std::string& folder);

/// Is the file a tar (also compressed) or zip archive?
bool isImageArchive(const std::string& path);

/// A folder or an archive of that form. Classes are in alphabetical order. The samples of a part go evenly
/// through the classes (each class's own in order of file names), so that a limit or a validation share cut
/// from the end has all of them. Refuses pictures that cannot be decoded (with their number), and different
/// sizes unless options.resize is given.
Result<DataSource> openImageFolder(const std::string& path, const DataOptions& options);

} // namespace strata
