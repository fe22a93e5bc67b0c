// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/interop/document_state.h"

#include <functional>
#include <string>
#include <vector>

namespace strata::cli {

/// Draws a learning curve into a PNG file; the build with a window brings it, the other has none.
using CurvePainter = std::function<Result<>(const std::vector<HistoryPoint>& history, const std::string& path)>;

/// Draws a network into a file (SVG, PDF, PNG by its ending), with or without its legend; as above.
using DrawingPainter = std::function<Result<>(const DocumentState& state, const std::string& title, const std::string& path, bool legend)>;

/// True when the words are for the command line: a subcommand or an option like --help; false opens the window.
bool isCommand(int argc, char** argv);

/// Runs one subcommand. Returns the exit code: 0 only on success, 1 failed, 2 wrong words, 130 stopped by Ctrl+C.
int run(int argc, char** argv, const CurvePainter& paintCurves, const DrawingPainter& paintDrawing);

} // namespace strata::cli
