// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"

#include <string_view>

namespace strata {

/// A drawing in one line, for tests:
///     graphFrom("Input 8x8x1 > Conv2D filters=2 kernel_size=3 > Flatten")
/// A layer is its class and key=value pairs; values are numbers, 3x3, True, False, None or words. `name=` and
/// `trainable=` belong to the node. A bare word that is the name of a layer drawn before stands for that
/// layer, and ";" begins another line, so that branches read
///     graphFrom("Input 8x8x4 name=in > Conv2D padding=same > Add name=sum; in > sum")
/// A shape by itself is the Input's, "?" in it an unknown size. Throws std::runtime_error on a mistake.
ModelGraph graphFrom(std::string_view text);

/// The first problem with this id; null: there is none.
const Problem* findProblem(const GraphReport& report, std::string_view id);

} // namespace strata
