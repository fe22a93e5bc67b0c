// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/math/isa.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace strata::test {

/// The instruction set that the program began with: what STRATA_ISA names where the processor has it. Tests that try
/// the sets one by one go back to it, so that a run with a forced set is one. requires: asked before any selectIsa()
inline std::string_view isaAtStart() {
    static const std::string_view name = math::isaName();
    return name;
}

enum class ForcedIsa { Taken, Lacking, Ignored };
/// Taken also where STRATA_ISA is not set. Lacking: this processor does not have that set. Ignored: it has it, or the
/// name is none at all, and the program runs with another set.
inline ForcedIsa forcedIsa() {
    const char* const wanted = std::getenv("STRATA_ISA");
    if (wanted == nullptr || *wanted == 0 || isaAtStart() == wanted) return ForcedIsa::Taken;
    constexpr std::array<std::string_view, 4> known{"plain", "v2", "avx2", "avx512"};
    const bool isKnown = std::ranges::find(known, wanted) != known.end();
    const bool isHere = std::ranges::find(math::isaAvailable(), wanted) != math::isaAvailable().end();
    return isKnown && !isHere ? ForcedIsa::Lacking : ForcedIsa::Ignored;
}

} // namespace strata::test

/// For initTestCase(): a run with a forced instruction set is one, or is no run.
#define STRATA_CHECK_FORCED_ISA()                                                                                      \
    do {                                                                                                               \
        if (strata::test::forcedIsa() == strata::test::ForcedIsa::Lacking)                                             \
            QSKIP("this processor lacks the instruction set that STRATA_ISA names");                                   \
        QVERIFY2(strata::test::forcedIsa() == strata::test::ForcedIsa::Taken, "STRATA_ISA was not taken");             \
    } while (false)
