// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/keras_cases/case_runner.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>

namespace strata::keras_cases {
namespace {

/// Places of numbers within an expected value: each array of numbers once (one element of it), each lone
/// number or truth value, each text.
void findPlaces(const Json& value, const Json::json_pointer& at, std::vector<Json::json_pointer>& out) {
    if (value.is_object() && value.contains("data") && value.contains("shape")) {
        const std::size_t n = value["data"].size();
        if (n > 0) out.push_back(at / "data" / (n / 2));
        return;
    }
    if (value.is_number() || value.is_boolean()) {
        out.push_back(at);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i)
            findPlaces(value[i], at / i, out);
    } else if (value.is_object()) {
        for (const auto& [key, inner] : value.items())
            findPlaces(inner, at / key, out);
    }
}

double largestBeside(const Json& root, const Json::json_pointer& at) {
    const Json& siblings = root[at.parent_pointer()];
    double largest = 0;
    for (const Json& v : siblings) {
        if (v.is_number()) largest = std::max(largest, std::abs(v.get<double>()));
    }
    return largest;
}

void disturb(Json& root, const Json::json_pointer& at) {
    Json& value = root[at];
    if (value.is_boolean())
        value = !value.get<bool>();
    else if (value.is_number_integer() && (at.parent_pointer().empty() || at.parent_pointer().back() != "data"))
        value = value.get<std::int64_t>() + 1;
    else if (value.is_number())
        value = value.get<double>() + 0.02 * largestBeside(root, at) + 0.02;
    else
        value = 0.0;
}

std::string label(const Json& c) {
    std::string text;
    for (const char* key : {"id", "layer", "loss", "optimizer", "activation", "initializer", "class"}) {
        if (c.contains(key) && c[key].is_string())
            text += (text.empty() ? "" : " ") + c[key].get<std::string>();
    }
    return text;
}

Outcome runGuarded(const Suite& suite, const Json& c) {
    try {
        return suite.run(c);
    } catch (const std::exception& e) {
        return failed(std::string("exception: ") + e.what());
    }
}

Outcome runCase(const Suite& suite, const Json& c) {
    for (const auto& [key, value] : c.items()) {
        if (!suite.compared.contains(key) && !suite.understood.contains(key))
            return failed("field " + key + " is not compared");
    }
    return runGuarded(suite, c);
}

/// Passed: every disturbance was seen.
Outcome selfTestCase(const Suite& suite, const Json& c) {
    const Outcome plain = runGuarded(suite, c);
    if (plain.kind != Outcome::Kind::Passed) return plain;
    std::vector<Json::json_pointer> places;
    for (const std::string& field : suite.compared) {
        if (c.contains(field)) findPlaces(c[field], Json::json_pointer() / field, places);
    }
    if (places.empty()) return unsupported("nothing expected that could be disturbed");
    for (const Json::json_pointer& at : places) {
        Json changed = c;
        disturb(changed, at);
        if (runGuarded(suite, changed).kind == Outcome::Kind::Passed)
            return failed("did not see a change of " + at.to_string());
    }
    return passed();
}

} // namespace

Tally runFile(const Suite& suite, const std::string& path, const std::string& name, bool selfTest) {
    Tally tally;
    std::ifstream in(path);
    const Json root = Json::parse(in, nullptr, false);
    if (root.is_discarded() || !root.contains("cases")) {
        std::printf("%s: cannot be read\n", name.c_str());
        tally.failed = 1;
        return tally;
    }
    std::map<std::string, int> lacking;
    for (const Json& c : root["cases"]) {
        const Outcome o = selfTest ? selfTestCase(suite, c) : runCase(suite, c);
        if (o.kind == Outcome::Kind::Passed) ++tally.passed;
        if (o.kind == Outcome::Kind::Unsupported) {
            ++tally.unsupported;
            ++lacking[o.why];
        }
        if (o.kind == Outcome::Kind::Failed) {
            ++tally.failed;
            std::printf("%s %s: %s\n", name.c_str(), label(c).c_str(), o.why.c_str());
        }
    }
    for (const auto& [what, times] : lacking)
        std::printf("  unsupported: %s (%d)\n", what.c_str(), times);
    std::printf("%s: %d passed, %d failed, %d unsupported\n", name.c_str(), tally.passed, tally.failed,
                tally.unsupported);
    return tally;
}

std::vector<Suite> suites() {
    return {layerSuite(),        layerStatementSuite(), layerSymbolicSuite(), layerSweepSuite(),
            layerRefusalSuite(), randomLayerSuite(),    lossSuite(),          optimizerSuite(),
            activationSuite(),   initializerSuite(),    regularizerSuite()};
}

} // namespace strata::keras_cases
