// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/math/conv2d.h"
#include "engine/math/padded_image.h"

#include <vector>

namespace strata::math {

/// The inputs that all outputs together look at: real ones and zeros around them.
PaddedImage forwardWindow(const ConvGeometry& g);
/// The outputs that any input may have touched.
PaddedImage backwardWindow(const ConvGeometry& g);

/// Inputs whose position + padding leaves the same remainders by the strides meet the same taps of the
/// kernel: for them the input gradient is a plain correlation of the backward window.
struct ConvPhase {
    std::int64_t firstRow = 0, firstColumn = 0; ///< the first such input
    std::int64_t rows = 0, columns = 0;         ///< how many there are
    std::int64_t base = 0;                      ///< offset in the backward window that belongs to the first
    std::vector<std::int64_t> gradients;        ///< offset of each tap's gradient from there
    std::vector<std::int64_t> taps;             ///< kh * kernelW + kw of each
};
/// All phases that hold an input and meet a tap.
std::vector<ConvPhase> convPhases(const ConvGeometry& g, const PaddedImage& backward);
/// Some inputs meet no tap (strides beyond the kernel): their gradient is 0.
bool missesInputs(const ConvGeometry& g, const std::vector<ConvPhase>& phases);

} // namespace strata::math
