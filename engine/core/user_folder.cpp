// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/user_folder.h"

#include <cstdlib>

namespace strata {

std::filesystem::path userFolder() {
    const char* dataHome = std::getenv("XDG_DATA_HOME"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    const char* home = std::getenv("HOME");              // NOLINT(concurrency-mt-unsafe): nobody sets it
    if (dataHome != nullptr && *dataHome == '/') return std::filesystem::path(dataHome) / "strata";
    return std::filesystem::path(home != nullptr && *home != '\0' ? home : "~") / ".local/share/strata";
}

} // namespace strata
