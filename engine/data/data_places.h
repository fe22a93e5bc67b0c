// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace strata {

/// Folders and files that were opened in the window, the newest first; from then on they are found by their name, there
/// and on the command line. They stand in userFolder()/data-places.txt, a path a line.
std::vector<std::string> dataPlaces();

/// Puts a place in front. Of some twelve the oldest is forgotten; so is one that cannot be written down: it is found by
/// its path all the same. Thread-safe. requires: an absolute path
void rememberDataPlace(const std::string& path);

} // namespace strata
