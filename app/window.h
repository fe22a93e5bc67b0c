// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/cli.h"

namespace strata::app {

/// Opens the window. Returns the exit code.
int openWindow(int argc, char** argv);

/// Draws learning curves into a PNG file, without a display.
Result<> paintCurves(const std::vector<HistoryPoint>& history, const std::string& path);

/// Draws a network into a picture, without a display.
Result<> paintDrawing(const DocumentState& state, const std::string& title, const std::string& path, bool legend);

} // namespace strata::app
