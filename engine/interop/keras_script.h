// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/interop/document_state.h"

#include <string>

namespace strata {

/// A Python script that builds the drawing's network with Keras 3 (functional API: build_model()), compiles it,
/// loads the same data in the same scale and trains it by the same settings. Cards that lead to no output are left
/// out. Errors: the drawing's first problem.
Result<std::string> kerasScript(const DocumentState& state, const std::string& title);

} // namespace strata
