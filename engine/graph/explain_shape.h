// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/explain.h"

namespace strata {

/// Fills shape and windows. requires: input and output are set
void explainShape(const Node& node, std::span<const Shape> inputs, Explanation& e);

} // namespace strata
