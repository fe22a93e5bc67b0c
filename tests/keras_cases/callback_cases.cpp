// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/callback.h"
#include "tests/keras_cases/keras_values.h"

#include <fmt/format.h>

namespace strata::keras_cases {
namespace {

/// A run in which the weights are the number of their epoch.
class Rehearsal final : public RunControl {
public:
    double learningRate() const override { return rate; }
    void setLearningRate(double to) override { rate = to; }
    void stop(std::string) override { stopped = true; }
    void keepWeights() override { kept = weights; }
    void restoreWeights() override { weights = kept; }
    Result<> save(const std::string& path, bool) override {
        files.push_back(path);
        return {};
    }
    void remark(std::string) override {}

    double rate = 0;
    bool stopped = false;
    std::int64_t weights = -1, kept = -1;
    std::vector<std::string> files;
};

/// What is no number stands as a word: "NaN", "Infinity".
EpochLogs logsFrom(const Json& logs) {
    EpochLogs out;
    for (const auto& [name, value] : logs.items()) out[name] = value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
    return out;
}

std::string unequal(const char* what, const Json& expected, const Json& got) {
    return fmt::format("{} is {}, expected {}", what, got.dump(), expected.dump());
}

Outcome runCallback(const Json& c) {
    const std::string name = c.at("callback");
    const CallbackType* type = findCallbackType(name);
    if (type == nullptr) return unsupported("callback " + name);
    Json args = c.at("args");
    if (c.contains("filepath")) args["filepath"] = c["filepath"];
    const Converted converted = convert(type->schema, args);
    if (!converted.lacking.empty()) return unsupported(name + " " + converted.lacking);
    if (!converted.refused.empty()) return failed(converted.refused);
    const Result<TypedParams> checked = checkCallback({type->schema.id, converted.params});
    if (!checked) return failed(checked.error().message);
    const std::unique_ptr<Callback> callback = createCallback(*checked);
    Rehearsal run;
    run.rate = c.value("initial_lr", 0.01);
    std::int64_t epoch = 0, bestEpoch = 0, stoppedEpoch = 0;
    std::vector<double> rates;
    for (const Json& logs : c.at("logs")) {
        if (run.stopped) break;
        run.weights = epoch;
        callback->epochEnd(epoch, logsFrom(logs), run);
        rates.push_back(run.rate);
        if (run.stopped) stoppedEpoch = epoch;
        ++epoch;
    }
    callback->end(run);
    if (const std::vector<double> state = callback->state(); name == "EarlyStopping" && state.size() == 4)
        bestEpoch = static_cast<std::int64_t>(state[1]);
    if (epoch != c.at("epochs_run")) return failed(unequal("epochs_run", c["epochs_run"], epoch));
    if (run.stopped != c.at("stopped").get<bool>()) return failed(unequal("stopped", c["stopped"], run.stopped));
    const auto check = [&](const char* key, const Json& got) {
        return c.contains(key) && c[key] != got ? unequal(key, c[key], got) : std::string();
    };
    for (const std::string& why :
         {check("weights_of_epoch_at_end", run.weights), check("best_epoch", bestEpoch),
          check("stopped_epoch", stoppedEpoch), check("files_written", run.files)}) {
        if (!why.empty()) return failed(why);
    }
    if (c.contains("lr_after_epoch")) {
        const auto expected = c["lr_after_epoch"].get<std::vector<double>>();
        const std::string why = difference("lr_after_epoch", std::span<const double>(rates),
                                           Array{{static_cast<std::int64_t>(expected.size())}, expected}, 1e-6, 1e-9);
        if (!why.empty()) return failed(why);
    }
    return passed();
}

} // namespace

Suite callbackSuite() {
    return {.files = {"callbacks.json"},
            .run = runCallback,
            .compared = {"epochs_run", "stopped", "weights_of_epoch_at_end", "best_epoch", "stopped_epoch",
                         "files_written", "lr_after_epoch"},
            .understood = {"id", "callback", "args", "logs", "initial_lr", "filepath", "note"}};
}

} // namespace strata::keras_cases
