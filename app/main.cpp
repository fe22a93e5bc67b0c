// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"
#include "engine/interop/hdf5_wall.h"

#ifdef STRATA_HAS_WINDOW
#include "app/window.h"
#else
#include <cstdio>
#endif

int main(int argc, char** argv) {
    // The child that reads foreign HDF5 files for this very program: see hdf5_wall.h.
    if (const auto code = strata::runHdf5WallChild(argc, argv)) return *code;
#ifdef STRATA_HAS_WINDOW
    if (strata::cli::isCommand(argc, argv)) return strata::cli::run(argc, argv, strata::app::paintCurves, strata::app::paintDrawing);
    return strata::app::openWindow(argc, argv);
#else
    if (strata::cli::isCommand(argc, argv)) return strata::cli::run(argc, argv, {}, {});
    std::fputs("strata: this build has no window (STRATA_GUI=OFF); 'strata --help' lists the commands\n", stderr);
    return 2;
#endif
}
