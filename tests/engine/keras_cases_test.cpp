// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_wall.h"
#include "engine/math/conv2d.h"
#include "tests/keras_cases/case_runner.h"
#include "tests/keras_cases/model_files.h"
#include "tests/support/forced_isa.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <optional>

namespace {

using namespace strata::keras_cases;

/// The convolutions' cases again with each algorithm wherever it applies; automatic choice meets few of them in so
/// small cases. Returns the number of failures.
int runWithEachConvolution(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& files) {
    using strata::math::ConvAlgorithm;
    const Suite suite = convolutionSuite();
    int failed = 0;
    for (const auto& [algorithm, name] : {std::pair(ConvAlgorithm::Direct, "direct"),
                                          std::pair(ConvAlgorithm::Im2col, "im2col"),
                                          std::pair(ConvAlgorithm::WinogradF2, "f2"),
                                          std::pair(ConvAlgorithm::WinogradF4, "f4")}) {
        strata::math::setAutomaticConvAlgorithm(algorithm);
        for (const std::filesystem::path& file : files) {
            if (file.parent_path() != "layers") continue;
            const std::string label = file.generic_string() + " with " + name;
            failed += runFile(suite, (folder / file).string(), label, false).failed;
        }
    }
    strata::math::setAutomaticConvAlgorithm(ConvAlgorithm::Automatic);
    return failed;
}

/// The program's answer where STRATA_ISA did not take effect; none where the cases can run.
std::optional<int> withoutForcedIsa() {
    using strata::test::ForcedIsa;
    const ForcedIsa forced = strata::test::forcedIsa();
    if (forced == ForcedIsa::Taken) return std::nullopt;
    const bool lacking = forced == ForcedIsa::Lacking;
    std::printf(lacking ? "skipped: this processor lacks the instruction set %s that STRATA_ISA names\n"
                        : "STRATA_ISA=%s was not taken\n",
                std::getenv("STRATA_ISA"));
    return lacking ? 0 : 1;
}

} // namespace

/// keras_cases_test [--self-test] [NAME...]: the cases that real Keras computed, from $STRATA_KERAS_CASES or
/// ../shared/keras_cases; with names only of the files that begin so. Ends with 1 when a case fails. Case files that
/// no suite knows are named.
int main(int argc, char** argv) {
    namespace fs = std::filesystem;
    if (const auto code = strata::runHdf5WallChild(argc, argv)) return *code;
    if (const auto code = withoutForcedIsa()) return *code;
    const bool selfTest = argc > 1 && std::strcmp(argv[1], "--self-test") == 0;
    const std::vector<std::string> wanted(argv + (selfTest ? 2 : 1), argv + argc);
    const auto isWanted = [&](const fs::path& file) {
        return wanted.empty() || std::ranges::any_of(wanted, [&](const std::string& name) {
                   return file.generic_string().starts_with(name);
               });
    };
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
        if (entry.path().extension() == ".json" && (top == "layers" || relative == relative.filename()) &&
            isWanted(relative))
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
    if (!selfTest) total.failed += runWithEachConvolution(folder, files);
    const ModelTally models = wanted.empty() ? runModelFiles(folder, selfTest) : ModelTally{};
    total.passed += models.passed;
    total.failed += models.failed;
    total.unsupported += models.unsupported;
    std::printf("total: %d passed, %d failed, %d unsupported\n", total.passed, total.failed,
                total.unsupported);
    return total.failed == 0 ? 0 : 1;
}
