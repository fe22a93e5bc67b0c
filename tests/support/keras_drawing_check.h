// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/keras_config.h"

#include <nlohmann/json.hpp>
#include <string>

namespace strata::test {

/// "" where all of the case's statements about the model and its layers are true of the drawing, and the drawing has no
/// card besides them.
std::string drawingDiffers(const KerasModel& model, const nlohmann::json& expected);

} // namespace strata::test
