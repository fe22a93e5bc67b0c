// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace strata {

/// Where this user's data sets and records of runs are: XDG_DATA_HOME/strata, or ~/.local/share/strata.
std::filesystem::path userFolder();

} // namespace strata
