// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/keras_cases/case_runner.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>

namespace strata::keras_cases {
namespace {

/// Places of values within an expected value: each array of numbers once (one element of it), each lone number,
/// truth value or text, each null of a list.
void findPlaces(const Json& value, const Json::json_pointer& at, std::vector<Json::json_pointer>& out) {
    if (value.is_object() && value.contains("data") && value.contains("shape")) {
        const std::size_t n = value["data"].size();
        if (n > 0) out.push_back(at / "data" / (n / 2));
        return;
    }
    if (value.is_number() || value.is_boolean() || value.is_string()) {
        out.push_back(at);
    } else if (value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            if (value[i].is_null()) out.push_back(at / i); // a size that is not known, an input that is refused
            findPlaces(value[i], at / i, out);
        }
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

/// By more than any tolerance: an element of an array in units of the largest one, a lone number in its own.
void disturb(Json& root, const Json::json_pointer& at) {
    Json& value = root[at];
    const bool inData = !at.parent_pointer().empty() && at.parent_pointer().back() == "data";
    if (value.is_boolean())
        value = !value.get<bool>();
    else if (inData)
        value = value.is_number() ? value.get<double>() + 0.02 * largestBeside(root, at) + 0.02 : 0.0;
    else if (value.is_number_integer())
        value = value.get<std::int64_t>() + 1;
    else if (value.is_number())
        value = value.get<double>() + 0.1 * std::max(1.0, std::abs(value.get<double>()));
    else if (value.is_null())
        value = 3;
    else if (at.back() == "registered_name") // where null is Keras's word for its own classes
        value = value.get<std::string>() + " disturbed";
    else
        value = nullptr;
}

std::string label(const Json& c) {
    std::string text;
    for (const char* key : {"id", "layer", "loss", "optimizer", "schedule", "metric", "callback", "activation", "initializer", "class"}) {
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

bool isTaken(const Suite& suite, const Json& c) {
    try {
        return !suite.takes || suite.takes(c);
    } catch (const std::exception&) {
        return false; // another suite says what is wrong with it
    }
}

Outcome runCase(const Suite& suite, const Json& c) {
    if (!c.is_object()) return failed("is no case but " + c.dump().substr(0, 40));
    for (const auto& [key, value] : c.items()) {
        if (!suite.compared.contains(key) && !suite.understood.contains(key) && !suite.notCompared.contains(key))
            return failed("field " + key + " is not compared");
    }
    return runGuarded(suite, c);
}

/// Passed: every disturbance was seen.
Outcome selfTestCase(const Suite& suite, const Json& c) {
    const Outcome plain = runCase(suite, c);
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
    if (root.is_discarded() || !root.contains("cases") || !root["cases"].is_array()) {
        std::printf("%s: cannot be read\n", name.c_str());
        tally.failed = 1;
        return tally;
    }
    std::map<std::string, int> lacking;
    Json taken = Json::array();
    for (const Json& c : root["cases"]) {
        if (!isTaken(suite, c)) continue;
        taken.push_back(c);
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
    if (taken.empty()) return tally;
    for (const auto& [what, times] : lacking)
        std::printf("  unsupported: %s (%d)\n", what.c_str(), times);
    printNotCompared(suite.notCompared, taken);
    tally.print(name.c_str());
    return tally;
}

std::vector<Suite> suites() {
    return {layerSuite(),        layerStatementSuite(), layerSymbolicSuite(), layerSweepSuite(),
            layerRefusalSuite(), randomLayerSuite(),    lossSuite(),          optimizerSuite(),
            scheduleSuite(),     metricSuite(),         callbackSuite(),     trainingSuite(),
            activationSuite(),   initializerSuite(),    regularizerSuite(),
            serializedSuite()};
}

} // namespace strata::keras_cases
