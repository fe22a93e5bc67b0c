// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace strata::keras_cases {

/// Fields of a case that state what nothing here could be compared with, and why; such a field is never passed over
/// in silence.
using NotCompared = std::map<std::string, std::string>;

/// A line for each such field that `cases` hold; null says nothing.
inline void printNotCompared(const NotCompared& fields, const nlohmann::json& cases) {
    for (const auto& [field, reason] : fields) {
        int times = 0;
        for (const nlohmann::json& c : cases) times += c.is_object() && c.contains(field) && !c[field].is_null() ? 1 : 0;
        if (times > 0) std::printf("  not compared: %s, %s, %d times\n", field.c_str(), reason.c_str(), times);
    }
}

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
