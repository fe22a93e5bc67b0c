// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/keras_cases/model_files.h"

#include "tests/support/keras_model_check.h"

#include <algorithm>
#include <cmath>
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

ModelCheck checkCase(const std::filesystem::path& list, const Json& c) {
    ModelCheck result;
    for (const std::string& file : filesOf(c)) {
        ModelCheck one = test::checkModelFile(list.parent_path() / file, c, toleranceOf(list));
        if (one.kind == Kind::Different) return one;
        if (one.kind == Kind::Unsupported) result = std::move(one);
    }
    return result;
}

/// Every statement of the case, made false: totals, shapes and numbers of each layer, one value of each
/// output.
std::vector<Json> falseOnes(const Json& c) {
    std::vector<Json> out;
    const auto with = [&](const Json::json_pointer& at, auto change) {
        if (!c.contains(at) || c[at].is_null()) return;
        out.push_back(c);
        change(out.back()[at]);
    };
    const auto more = [](Json& v) { v = v.get<std::int64_t>() + 1; };
    for (const char* key : {"total_params", "trainable_params", "non_trainable_params"})
        with(Json::json_pointer() / key, more);
    for (const char* key : {"compiled", "has_training_config"})
        with(Json::json_pointer() / key, [](Json& v) { v = !v.get<bool>(); });
    for (std::size_t i = 0; i < c.at("layers").size(); ++i) {
        const Json::json_pointer layer = Json::json_pointer() / "layers" / i;
        with(layer / "params", more);
        with(layer / "output_shape" / (c[layer / "output_shape"].size() - 1), more);
        with(layer / "weights" / 0 / "shape" / 0, more);
    }
    if (c.contains("outputs")) {
        const std::size_t middle = c["outputs"].at(0).at("data").size() / 2;
        with(Json::json_pointer() / "outputs" / 0 / "data" / middle,
             [](Json& v) { v = v.get<double>() + 0.01 + 0.01 * std::abs(v.get<double>()); });
    }
    return out;
}

std::string idOf(const Json& c) {
    return c.is_object() && c.contains("id") && c["id"].is_string() ? c["id"].get<std::string>() : "?";
}

/// Only .json texts have no training part and no numbers: those statements are of the other files.
bool seesAll(const Json& c) {
    return !std::ranges::all_of(filesOf(c), [](const std::string& f) { return f.ends_with(".json"); });
}

ModelCheck selfTestCase(const std::filesystem::path& list, const Json& c) {
    const ModelCheck plain = checkCase(list, c);
    if (plain.kind != Kind::Same) return plain;
    for (const Json& changed : falseOnes(c)) {
        if (checkCase(list, changed).kind == Kind::Different) continue;
        if (!seesAll(c)) continue;
        return {Kind::Different, "did not see: " + Json::diff(c, changed).dump()};
    }
    return plain;
}

} // namespace

ModelTally runModelFiles(const std::filesystem::path& folder, bool selfTest) {
    ModelTally total;
    std::vector<std::filesystem::path> lists;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().filename().string().starts_with("expected") && entry.path().extension() == ".json")
            lists.push_back(entry.path());
    }
    std::ranges::sort(lists);
    for (const std::filesystem::path& list : lists) {
        std::ifstream in(list);
        const Json root = Json::parse(in, nullptr, false);
        const std::string name = list.lexically_relative(folder).generic_string();
        ModelTally tally;
        std::map<std::string, int> lacking;
        for (const Json& c : root.is_object() && root.contains("cases") && root["cases"].is_array() ? root["cases"] : Json::array()) {
            ModelCheck check;
            try {
                if (!c.is_object()) check = {Kind::Different, "is no case"};
                else check = selfTest ? selfTestCase(list, c) : checkCase(list, c);
            } catch (const std::exception& e) {
                check = {Kind::Different, std::string("exception: ") + e.what()};
            }
            if (check.kind == Kind::Same) ++tally.passed;
            if (check.kind == Kind::Unsupported) {
                ++tally.unsupported;
                ++lacking[check.why.substr(
                    check.why.find("Layer ") == std::string::npos ? 0 : check.why.find('('))];
            }
            if (check.kind == Kind::Different) {
                ++tally.failed;
                std::printf("%s %s: %s\n", name.c_str(), idOf(c).c_str(), check.why.c_str());
            }
        }
        for (const auto& [what, times] : lacking)
            std::printf("  unsupported: %s (%d)\n", what.c_str(), times);
        std::printf("%s: %d passed, %d failed, %d unsupported\n", name.c_str(), tally.passed, tally.failed,
                    tally.unsupported);
        total.passed += tally.passed;
        total.failed += tally.failed;
        total.unsupported += tally.unsupported;
    }
    return total;
}

} // namespace strata::keras_cases
