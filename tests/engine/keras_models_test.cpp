// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_wall.h"
#include "tests/keras_cases/model_files.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

/// keras_models_test [--self-test]: the model files of real Keras, from $STRATA_KERAS_CASES or
/// ../shared/keras_cases. Ends with 1 when a file opens differently from what Keras says of it; layers that
/// Strata lacks are named.
int main(int argc, char** argv) {
    if (const auto code = strata::runHdf5WallChild(argc, argv)) return *code;
    const char* given = std::getenv("STRATA_KERAS_CASES");
    const std::filesystem::path folder =
        given != nullptr ? given : STRATA_SOURCE_DIR "/../shared/keras_cases";
    if (!std::filesystem::is_directory(folder)) {
        std::printf("skipped: there is no folder %s; set STRATA_KERAS_CASES\n", folder.c_str());
        return 0;
    }
    const bool selfTest = argc > 1 && std::strcmp(argv[1], "--self-test") == 0;
    const auto total = strata::keras_cases::runModelFiles(folder, selfTest);
    std::printf("models: %d passed, %d failed, %d unsupported\n", total.passed, total.failed,
                total.unsupported);
    return total.failed == 0 ? 0 : 1;
}
