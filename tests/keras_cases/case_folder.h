// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace strata::keras_cases {

/// Where the cases are: $STRATA_KERAS_CASES, else ../shared/keras_cases.
struct CaseFolder {
    std::filesystem::path path;
    bool asked = false; ///< by the variable: then it must be there

    bool exists() const {
        std::error_code error;
        return std::filesystem::is_directory(path, error);
    }
    /// The program's exit code where it is not there.
    int whenMissing() const {
        std::printf(asked ? "STRATA_KERAS_CASES: there is no folder %s\n"
                          : "skipped: there is no folder %s; set STRATA_KERAS_CASES\n",
                    path.string().c_str());
        return asked ? 1 : 0;
    }
};
inline CaseFolder caseFolder() {
    const char* const given = std::getenv("STRATA_KERAS_CASES");
    if (given != nullptr) return {given, true};
    return {std::filesystem::path(STRATA_SOURCE_DIR) / "../shared/keras_cases", false};
}

} // namespace strata::keras_cases
