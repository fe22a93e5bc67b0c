// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/keras_archive.h"

#include <nlohmann/json.hpp>
#include <string>

namespace strata::test {

/// "" where the file was opened with the optimiser, the loss and the metrics of its Keras 2 training_config, and a
/// remark names each value there that Strata has no place for.
std::string trainingDiffers(const OpenedDocument& opened, const nlohmann::json& config);

} // namespace strata::test
