// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/keras_archive.h"

#include <nlohmann/json.hpp>
#include <string>

namespace strata::test {

/// "" where the file was opened with the optimiser, the loss and the metrics of its Keras 2 training_config, and a
/// remark names each value there that Strata has no place for.
std::string trainingDiffers(const OpenedDocument& opened, const nlohmann::json& config);

/// "" where the history of a training (null: none) can be that of the one that left this file: it has loss, the accuracy
/// and the file's metrics, each once an epoch, and the optimizer's updates, where they are known, come out even on
/// these epochs.
std::string historyDiffers(const OpenedDocument& opened, const nlohmann::json& history);

} // namespace strata::test
