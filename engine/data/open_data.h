// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/data/data_options.h"
#include "engine/data/dataset.h"

namespace strata {

/// Opens what the user named, recognised by its bytes and not by asking: the built-in "digits"; a folder with
/// IDX files (MNIST, Fashion-MNIST; plain or compressed) or one IDX file; a folder with CIFAR-10's binary
/// batches or one of them; a folder of images per class (root/class/* or root/{train,test}/class/*), also
/// inside a .tar.gz or .zip; or a name ("mnist", "fashion-mnist", "cifar-10" or a folder's own) looked up in
/// dataFolders(), then among dataPlaces(). Memory stays under options.memoryLimit, whatever a header says. Stopping gives the error
/// "data.stopped".
Result<DataSource> openData(const std::string& pathOrName, const DataOptions& options = {});

/// One line of `strata datasets`.
struct KnownData {
    std::string name; // what openData takes
    std::string description;
    std::string path; // empty for built-in data
    bool available = true;
    std::string remedy; // when it is not available: where to put which files
    std::string title;  // its name as it is written: "MNIST"
    std::string origin{}; // a well-known one's: where its files are found
    bool operator==(const KnownData&) const = default;
};

/// The built-in set, the well-known ones (available or not), then every folder in dataFolders() and each of dataPlaces()
/// that openData would recognise. Looks at the beginnings of files only.
std::vector<KnownData> listDatasets();

/// "MNIST" for mnist: a well-known set's name as it is written; another one's as it is.
std::string dataTitle(const std::string& name);

/// Where names are looked up: STRATA_DATA_PATH (separated by colons), then the user's strata/datasets folder
/// under XDG_DATA_HOME or ~/.local/share.
std::vector<std::string> dataFolders();

} // namespace strata
