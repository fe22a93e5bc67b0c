// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/core/result.h"
#include "engine/data/data_options.h"
#include "engine/data/dataset.h"

namespace strata {

/// CIFAR-10's binary version (https://www.cs.toronto.edu/~kriz/cifar.html): records of one label byte 0..9
/// and 32 x 32 red, then green, then blue bytes; any number of records a file, plain or compressed.

/// Is this file made of such records, as far as its name (data_batch_*, test_batch*, or any .bin) and its
/// first records tell?
bool isCifarFile(const std::string& path);
bool hasCifarFiles(const std::string& folder);

/// A folder's data_batch_* files, in the order of their numbers, are for training, test_batch* for the test;
/// one file is its own training part, with test_batch* beside it if it is another. Class names come from
/// batches.meta.txt.
Result<DataSource> openCifar(const std::string& path, const DataOptions& options);

} // namespace strata
