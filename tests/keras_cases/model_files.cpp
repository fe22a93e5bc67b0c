// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/keras_cases/model_files.h"

#include "tests/keras_cases/model_statements.h"
#include "tests/support/keras_model_check.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>

namespace strata::keras_cases {
namespace {

using Json = nlohmann::json;
using test::ModelCheck;
using Kind = ModelCheck::Kind;

/// Files of Keras 3 are to be met absolutely; what Keras 2 computed was another program's float32.
test::ModelTolerance toleranceOf(const std::filesystem::path& list) {
    const bool keras2 = list.parent_path().filename() == "keras2_files";
    return keras2 ? test::ModelTolerance{.relative = 1e-4, .absolute = 1e-6} : test::ModelTolerance{};
}

std::vector<std::string> filesOf(const Json& c) {
    if (c.contains("files")) return c["files"].get<std::vector<std::string>>();
    return {c.at("file").get<std::string>()};
}

std::vector<test::ModelFile> opened(const std::filesystem::path& list, const Json& c) {
    std::vector<test::ModelFile> files;
    for (const std::string& file : filesOf(c))
        files.emplace_back(list.parent_path() / file);
    return files;
}

ModelCheck checkCase(const std::vector<test::ModelFile>& files, const Json& c, test::ModelTolerance tolerance) {
    ModelCheck result;
    for (const test::ModelFile& file : files) {
        ModelCheck one = file.compare(c, tolerance);
        if (one.kind == Kind::Different) return one;
        if (one.kind == Kind::Unsupported) result = std::move(one);
    }
    return result;
}

std::string idOf(const Json& c) {
    return c.is_object() && c.contains("id") && c["id"].is_string() ? c["id"].get<std::string>() : "?";
}

/// Passed: every file saw each statement made false that it can judge.
ModelCheck selfTestCase(const std::vector<test::ModelFile>& files, Json c, test::ModelTolerance tolerance) {
    ModelCheck plain = checkCase(files, c, tolerance);
    if (plain.kind != Kind::Same) return plain;
    for (const ModelStatement& statement : modelStatements(c)) {
        const MadeFalse madeFalse(c, statement);
        for (const test::ModelFile& file : files) {
            if (file.isWeightsAlone() || !file.holds(statement.field())) continue;
            if (file.compare(c, tolerance).kind == Kind::Different) continue;
            return {Kind::Different, "did not see a change of " + statement.at.to_string()};
        }
    }
    return plain;
}

ModelCheck runCase(const std::filesystem::path& list, const Json& c, bool selfTest) {
    if (!c.is_object()) return {Kind::Different, "is no case"};
    try {
        const std::vector<test::ModelFile> files = opened(list, c);
        return selfTest ? selfTestCase(files, c, toleranceOf(list)) : checkCase(files, c, toleranceOf(list));
    } catch (const std::exception& e) {
        return {Kind::Different, std::string("exception: ") + e.what()};
    }
}

/// What lacks, without the place: "(layer ...)".
std::string lackOf(const std::string& why) {
    return why.substr(why.find("Layer ") == std::string::npos ? 0 : why.find('('));
}

} // namespace

bool isModelList(const std::filesystem::path& file) {
    return file.filename().string().starts_with("expected") && file.extension() == ".json";
}

Tally runModelList(const std::filesystem::path& folder, const std::filesystem::path& list, bool selfTest,
                   const std::string& suffix) {
    const std::string name = list.generic_string() + suffix;
    std::ifstream in(folder / list);
    const Json root = Json::parse(in, nullptr, false);
    if (!root.is_object() || !root.contains("cases") || !root["cases"].is_array()) {
        std::printf("%s: cannot be read\n", name.c_str());
        return {.failed = 1};
    }
    Tally tally;
    std::map<std::string, int> lacking;
    for (const Json& c : root["cases"]) {
        const ModelCheck check = runCase(folder / list, c, selfTest);
        if (check.kind == Kind::Same) ++tally.passed;
        if (check.kind == Kind::Unsupported) {
            ++tally.unsupported;
            ++lacking[lackOf(check.why)];
        }
        if (check.kind == Kind::Different) {
            ++tally.failed;
            std::printf("%s %s: %s\n", name.c_str(), idOf(c).c_str(), check.why.c_str());
        }
    }
    for (const auto& [what, times] : lacking)
        std::printf("  unsupported: %s (%d)\n", what.c_str(), times);
    printNotCompared({{"fit_history_float32", "no case holds the targets of that training, so that its values cannot be computed (its names and lengths are compared)"},
                      {"keras_3_16_load", "it says what Keras makes of the file"}},
                     root["cases"]);
    tally.print(name.c_str());
    return tally;
}

Tally runModelFiles(const std::filesystem::path& folder, bool selfTest) {
    std::vector<std::filesystem::path> lists;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (isModelList(entry.path())) lists.push_back(entry.path().lexically_relative(folder));
    }
    std::ranges::sort(lists);
    Tally total;
    for (const std::filesystem::path& list : lists)
        total += runModelList(folder, list, selfTest);
    return total;
}

} // namespace strata::keras_cases
