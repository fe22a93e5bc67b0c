// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace strata {
class Workers;
}

namespace strata::math {

/// GFLOP/s of multiply-adds in registers, all workers together, by the kernels in use: what no program can
/// exceed here (but for algorithms that need fewer multiplications). Takes about a sixth of a second; the best of
/// many rounds.
double measurePeakGflops(Workers& workers);

} // namespace strata::math
