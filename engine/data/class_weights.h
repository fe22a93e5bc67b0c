// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"

namespace strata {

/// Weights by which every class counts the same in the loss, however many samples it has: samples / (classes * samples
/// of the class), as scikit-learn's "balanced" (King and Zeng 2001). A class without samples has 1.
std::vector<double> balancedClassWeights(const Dataset& data);

} // namespace strata
