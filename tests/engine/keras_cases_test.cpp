// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_wall.h"
#include "tests/keras_cases/case_runner.h"
#include "tests/keras_cases/model_files.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

/// keras_cases_test [--self-test]: the cases that real Keras computed, from $STRATA_KERAS_CASES or
/// ../shared/keras_cases. Ends with 1 when a case fails. Case files that no suite knows are named.
int main(int argc, char** argv) {
    using namespace strata::keras_cases;
    namespace fs = std::filesystem;
    if (const auto code = strata::runHdf5WallChild(argc, argv)) return *code;
    const bool selfTest = argc > 1 && std::strcmp(argv[1], "--self-test") == 0;
    const char* given = std::getenv("STRATA_KERAS_CASES");
    const fs::path folder =
        given != nullptr ? fs::path(given) : fs::path(STRATA_SOURCE_DIR) / "../shared/keras_cases";
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        std::printf("skipped: there is no folder %s; set STRATA_KERAS_CASES\n", folder.string().c_str());
        return 0;
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error)) {
        const fs::path relative = entry.path().lexically_relative(folder);
        const std::string top = relative.begin()->string();
        if (entry.path().extension() == ".json" && (top == "layers" || relative == relative.filename()))
            files.push_back(relative);
    }
    std::ranges::sort(files);
    const std::vector<Suite> all = suites();
    Tally total;
    for (const fs::path& file : files) {
        const auto knows = [&](const std::string& name) {
            return std::ranges::find_if(
                all, [&](const Suite& s) { return std::ranges::find(s.files, name) != s.files.end(); });
        };
        auto suite = knows(file.generic_string());
        if (suite == all.end() && file.has_parent_path())
            suite = knows(file.parent_path().generic_string() + "/*");
        if (suite == all.end()) {
            std::printf("%s: not run here\n", file.generic_string().c_str());
            continue;
        }
        const Tally t = runFile(*suite, (folder / file).string(), file.generic_string(), selfTest);
        total.passed += t.passed;
        total.failed += t.failed;
        total.unsupported += t.unsupported;
    }
    const ModelTally models = runModelFiles(folder, selfTest);
    total.passed += models.passed;
    total.failed += models.failed;
    total.unsupported += models.unsupported;
    std::printf("total: %d passed, %d failed, %d unsupported\n", total.passed, total.failed,
                total.unsupported);
    return total.failed == 0 ? 0 : 1;
}
