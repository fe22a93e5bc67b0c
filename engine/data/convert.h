// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/data/data_options.h"
#include "engine/data/dataset.h"

namespace strata {

/// The source with both parts brought to options.resize and options.colour, and its fingerprint anew; the
/// source itself when nothing has to change. Fails when the result would pass the memory limit, or when
/// stopped. requires: the parts are MemoryDatasets
Result<DataSource> converted(DataSource source, const DataOptions& options);

/// Would `count` samples of this shape pass the limit? Then the refusal, which gives the number.
Result<> checkMemory(const std::string& place, std::int64_t count, const Shape& shape,
                     const DataOptions& options);

} // namespace strata
