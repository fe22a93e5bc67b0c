// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_wall.h"
#include "tests/keras_cases/case_folder.h"
#include "tests/keras_cases/model_files.h"

#include <cstring>

/// keras_models_test [--self-test]: the model files of real Keras, from $STRATA_KERAS_CASES or
/// ../shared/keras_cases. Ends with 1 when a file opens differently from what Keras says of it; layers that
/// Strata lacks are named.
int main(int argc, char** argv) {
    using namespace strata::keras_cases;
    if (const auto code = strata::runHdf5WallChild(argc, argv)) return *code;
    const CaseFolder folder = caseFolder();
    if (!folder.exists()) return folder.whenMissing();
    const bool selfTest = argc > 1 && std::strcmp(argv[1], "--self-test") == 0;
    return runModelFiles(folder.path, selfTest).conclude("models");
}
