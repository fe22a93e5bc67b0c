// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/callback.h"

namespace strata {

/// A file name with an epoch's figures in it, as Keras writes them: "ep{epoch:02d}-{val_loss:.3f}.keras"; the first
/// epoch is 1 there. Errors: a figure that the epoch does not have; braces that do not fit.
Result<std::string> logFileName(const std::string& pattern, std::int64_t epoch, const EpochLogs& logs);

} // namespace strata
