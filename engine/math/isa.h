// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

/// The kernels are compiled once for each instruction set and chosen when the program starts: the best that
/// the processor has, or what the environment variable STRATA_ISA names (plain, v2, avx2, avx512) if the
/// processor has it.
namespace strata::math {

/// "plain", "v2", "avx2" or "avx512": the set in use. Goes into the record of a run: results agree to the bit
/// between avx2 and avx512, but not with the sets that have no fused multiply-add.
std::string_view isaName();
/// The sets that this program holds and this processor can run, slowest first.
std::span<const std::string_view> isaAvailable();
/// Switches the set for the whole process; false (and no change) for a set that is not available. For tests
/// and benchmarks: nothing may be computing meanwhile.
bool selectIsa(std::string_view name);

} // namespace strata::math
