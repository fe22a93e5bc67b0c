// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_wall.h"
#include "engine/math/conv2d.h"
#include "tests/keras_cases/case_folder.h"
#include "tests/keras_cases/case_runner.h"
#include "tests/keras_cases/model_files.h"
#include "tests/support/forced_isa.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

namespace {

namespace fs = std::filesystem;
using namespace strata::keras_cases;
using strata::math::ConvAlgorithm;

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

/// What STRATA_CONV asks for; none: no such algorithm.
std::optional<ConvAlgorithm> askedConvolution() {
    const char* const name = std::getenv("STRATA_CONV");
    return name == nullptr || *name == 0 ? ConvAlgorithm::Automatic : strata::math::convAlgorithmFromName(name);
}

/// Case files stand at the top and in layers/; elsewhere are texts of models, which hold no list of cases.
bool holdsCases(const fs::path& folder, const fs::path& file) {
    if (!file.has_parent_path() || file.begin()->string() == "layers") return true;
    std::ifstream in(folder / file);
    const Json root = Json::parse(in, nullptr, false);
    return root.is_object() && root.contains("cases");
}

/// Those whose names begin as wanted, relative to the folder: the case files, then the lists of model files.
std::vector<fs::path> filesToRun(const fs::path& folder, const std::vector<std::string>& wanted) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        const fs::path file = entry.path().lexically_relative(folder);
        const bool isWanted = wanted.empty() || std::ranges::any_of(wanted, [&](const std::string& name) {
                                  return file.generic_string().starts_with(name);
                              });
        if (isWanted && file.extension() == ".json" && holdsCases(folder, file)) files.push_back(file);
    }
    std::ranges::sort(files, {}, [](const fs::path& file) { return std::pair(isModelList(file), file); });
    return files;
}

std::optional<Suite> suiteOf(const fs::path& file) {
    const std::vector<Suite> all = suites();
    for (const std::string& name : {file.generic_string(), file.parent_path().generic_string() + "/*"}) {
        const auto it = std::ranges::find_if(
            all, [&](const Suite& s) { return std::ranges::find(s.files, name) != s.files.end(); });
        if (it != all.end()) return *it;
    }
    return std::nullopt;
}

Tally runPlainly(const fs::path& folder, const fs::path& file, bool selfTest) {
    if (isModelList(file)) return runModelList(folder, file, selfTest);
    if (const std::optional<Suite> suite = suiteOf(file))
        return runFile(*suite, (folder / file).string(), file.generic_string(), selfTest);
    std::printf("%s: no suite runs these cases\n", file.generic_string().c_str());
    return {.failed = 1};
}

/// What a convolution's algorithm has a part in: the layers that convolve, whole trainings, whole models.
Tally runConvolving(const fs::path& folder, const fs::path& file, const std::string& suffix) {
    const std::string name = file.generic_string();
    if (isModelList(file)) return runModelList(folder, file, false, suffix);
    if (name != "training.json" && !name.starts_with("layers/")) return {};
    return runFile(name == "training.json" ? trainingSuite() : convolutionSuite(), (folder / file).string(), name + suffix,
                   false);
}

/// Again with each algorithm wherever it applies; automatic choice meets few of them in so small cases. Returns the
/// number of failures.
int failedWithEachConvolution(const fs::path& folder, const std::vector<fs::path>& files) {
    int failed = 0;
    for (const auto& [algorithm, name] :
         {std::pair(ConvAlgorithm::Direct, "direct"), std::pair(ConvAlgorithm::Im2col, "im2col"),
          std::pair(ConvAlgorithm::WinogradF2, "f2"), std::pair(ConvAlgorithm::WinogradF4, "f4")}) {
        strata::math::setAutomaticConvAlgorithm(algorithm);
        for (const fs::path& file : files)
            failed += runConvolving(folder, file, std::string(" with ") + name).failed;
    }
    strata::math::setAutomaticConvAlgorithm(ConvAlgorithm::Automatic);
    return failed;
}

} // namespace

/// keras_cases_test [--self-test] [NAME...]: the cases that real Keras computed, from $STRATA_KERAS_CASES or
/// ../shared/keras_cases; with names only of the files that begin so. Ends with 1 when a case fails, a file has cases
/// that nothing here runs, or no case is met. Convolutions run with each algorithm in turn, or with the one alone that
/// STRATA_CONV names.
int main(int argc, char** argv) {
    if (const auto code = strata::runHdf5WallChild(argc, argv)) return *code;
    if (const auto code = withoutForcedIsa()) return *code;
    const std::optional<ConvAlgorithm> convolution = askedConvolution();
    if (!convolution) {
        std::printf("STRATA_CONV=%s is no algorithm\n", std::getenv("STRATA_CONV"));
        return 1;
    }
    const CaseFolder folder = caseFolder();
    if (!folder.exists()) return folder.whenMissing();
    const bool selfTest = argc > 1 && std::strcmp(argv[1], "--self-test") == 0;
    const std::vector<fs::path> files = filesToRun(folder.path, {argv + (selfTest ? 2 : 1), argv + argc});
    Tally total;
    for (const fs::path& file : files)
        total += runPlainly(folder.path, file, selfTest);
    if (!selfTest && *convolution == ConvAlgorithm::Automatic) total.failed += failedWithEachConvolution(folder.path, files);
    return total.conclude("total");
}
