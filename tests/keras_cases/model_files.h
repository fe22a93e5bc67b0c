// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/keras_cases/case_tally.h"

#include <filesystem>
#include <string>

namespace strata::keras_cases {

/// Holds this file of the cases a list of model files? Those are expected.json, expected_json.json ... in any folder.
bool isModelList(const std::filesystem::path& file);
/// The whole models that a list (relative to the folder) names. Prints one line for each failure and one for the list,
/// under its name with `suffix`. With `selfTest` every statement is made false in turn instead, and a case that still
/// passes is a failure.
Tally runModelList(const std::filesystem::path& folder, const std::filesystem::path& list, bool selfTest,
                   const std::string& suffix = {});
/// All lists below the folder.
Tally runModelFiles(const std::filesystem::path& folder, bool selfTest);

} // namespace strata::keras_cases
