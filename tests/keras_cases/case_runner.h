// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/keras_cases/case_tally.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

/// Runs cases that real Keras computed (see the README beside them): each case goes through the ordinary
/// engine.
namespace strata::keras_cases {

using Json = nlohmann::json;

struct Outcome {
    enum class Kind { Passed, Failed, Unsupported } kind = Kind::Passed;
    std::string why; ///< what differs by how much, or which layer or option Strata lacks
};
inline Outcome passed() {
    return {};
}
inline Outcome failed(std::string why) {
    return {Outcome::Kind::Failed, std::move(why)};
}
inline Outcome unsupported(std::string why) {
    return {Outcome::Kind::Unsupported, std::move(why)};
}

/// How the cases of one or more files are run. The suites are listed in suites().
struct Suite {
    std::vector<std::string> files; ///< relative to the folder of the cases; "layers/*" for every file there
    std::function<Outcome(const Json& oneCase)> run;
    std::set<std::string> compared;   ///< fields whose values the runner compares: disturbed by the self-test
    std::set<std::string> understood; ///< fields that it uses, or that say nothing about a result
    NotCompared notCompared{};        ///< fields that state a result which Strata has no counterpart of
    std::function<bool(const Json& oneCase)> takes{}; ///< none: every case of its files; the others are not counted
};

Suite layerSuite();
/// Those of them that convolve.
Suite convolutionSuite();
Suite layerStatementSuite();
Suite layerSymbolicSuite();
Suite layerSweepSuite();
Suite layerRefusalSuite();
Suite randomLayerSuite();
Suite lossSuite();
Suite optimizerSuite();
Suite scheduleSuite();
Suite metricSuite();
Suite callbackSuite();
Suite trainingSuite();
Suite activationSuite();
Suite initializerSuite();
Suite regularizerSuite();
Suite serializedSuite();

/// Every suite that the program knows.
std::vector<Suite> suites();

/// Runs a file and prints one line for each failure. With `selfTest` each expected value is disturbed
/// instead, one at a time, and a case that still passes is a failure. Nothing is printed where no case is taken.
Tally runFile(const Suite& suite, const std::string& path, const std::string& name, bool selfTest);

} // namespace strata::keras_cases
