// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/interop/document_state.h"

namespace strata::cli {

/// epoch,loss,accuracy,val_loss,val_accuracy, a line an epoch; empty fields where there was no validation.
Result<> writeCurveCsv(const std::vector<HistoryPoint>& history, const std::string& path);

} // namespace strata::cli
