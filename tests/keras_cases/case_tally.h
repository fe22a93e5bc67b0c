// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>

namespace strata::keras_cases {

/// How many cases came out how.
struct Tally {
    int passed = 0, failed = 0, unsupported = 0;

    Tally& operator+=(const Tally& other) {
        passed += other.passed;
        failed += other.failed;
        unsupported += other.unsupported;
        return *this;
    }
    void print(const char* of) const {
        std::printf("%s: %d passed, %d failed, %d unsupported\n", of, passed, failed, unsupported);
    }
    /// The program's exit code. A run that met no case has shown nothing.
    int conclude(const char* of) const {
        print(of);
        const bool none = passed + failed + unsupported == 0;
        if (none) std::printf("failed: no case was met\n");
        return none || failed > 0 ? 1 : 0;
    }
};

} // namespace strata::keras_cases
