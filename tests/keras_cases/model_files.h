// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace strata::keras_cases {

struct ModelTally {
    int passed = 0, failed = 0, unsupported = 0;
};

/// The whole models among the cases of real Keras (keras3_models, keras2_schema, keras2_files ...): every
/// expected.json below the folder that lists files. Prints one line for each failure and one for each list.
/// With `selfTest` every statement is made false in turn instead, and a case that still passes is a failure.
ModelTally runModelFiles(const std::filesystem::path& folder, bool selfTest);

} // namespace strata::keras_cases
