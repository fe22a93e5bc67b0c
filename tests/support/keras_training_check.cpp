// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/keras_training_check.h"

#include "engine/interop/keras_objects.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace strata::test {
namespace {

using Json = nlohmann::json;
using Remarks = std::vector<std::string>;

/// Keras 2 wrote its float32 numbers as doubles.
bool sameValue(const Json& ours, const Json& theirs) {
    if (!ours.is_number() || !theirs.is_number()) return ours == theirs;
    const auto b = theirs.get<double>();
    return std::abs(ours.get<double>() - b) <= 1e-6 * std::abs(b);
}

/// What changes no training.
bool saysNothing(const std::string& key, const Json& value) {
    if (key == "name") return value.is_string();
    if (key == "reduction") return value == "auto" || value == "sum_over_batch_size";
    return value.is_null() || value == false || value == 0;
}

bool isTold(const Remarks& remarks, const std::string& key, const Json& value) {
    const std::string words = fmt::format("{} = {}", key, value.dump());
    return std::ranges::any_of(remarks, [&](const std::string& r) { return r.find(words) != std::string::npos; });
}

std::string configDiffers(const Schema& schema, const TypedParams& ours, const Json& config, const Remarks& remarks) {
    const ParamMap params = schema.check(ours.params).value();
    for (const auto& [written, value] : config.items()) {
        const std::string key = written == "lr" ? "learning_rate" : written;
        const Param* param = schema.find(key);
        if (param == nullptr && (saysNothing(key, value) || isTold(remarks, key, value))) continue;
        if (param == nullptr) return fmt::format("{} of {} is {} and nothing says that it is left out", key, ours.id, value.dump());
        if (value.is_null()) continue; // Keras 2's word for the default
        const Json got = keras::toKeras(*param, params.at(key));
        if (!sameValue(got, value)) return fmt::format("{} of {} is {}, not {}", key, ours.id, got.dump(), value.dump());
    }
    return {};
}

/// `named`: the schema that the file's name stands for; null: Strata has none, and says so.
std::string objectDiffers(const char* what, const Schema* named, const TypedParams& ours, const Json& theirs,
                          const Remarks& remarks) {
    const std::string name = theirs.is_string() ? theirs.get<std::string>() : theirs.at("class_name").get<std::string>();
    if (named == nullptr) {
        const bool told = std::ranges::any_of(remarks, [&](const std::string& r) { return r.find(name) != std::string::npos; });
        return told ? std::string() : fmt::format("the {} {} is left out and nothing says so", what, name);
    }
    if (ours.id != named->id) return fmt::format("the {} is {}, not {}", what, ours.id, name);
    return theirs.is_object() ? configDiffers(*named, ours, theirs.at("config"), remarks) : std::string();
}

const Schema* optimizerOf(const Json& theirs) {
    const OptimizerType* type = findOptimizerType(theirs.at("class_name").get<std::string>());
    return type != nullptr ? &type->schema : nullptr;
}

std::string optimizerDiffers(const OpenedDocument& opened, Json theirs) {
    const TrainingSettings& ours = opened.state.training;
    if (Json& rate = theirs.at("config")["learning_rate"]; rate.is_object()) {
        const ScheduleType* type = findScheduleType(rate.at("class_name").get<std::string>());
        if (!ours.schedule && type != nullptr) return "the learning rate has no schedule";
        std::string why = objectDiffers("schedule", type != nullptr ? &type->schema : nullptr,
                                        ours.schedule.value_or(TypedParams{}), rate, opened.remarks);
        if (!why.empty()) return why;
        rate = nullptr;
    }
    return objectDiffers("optimizer", optimizerOf(theirs), ours.optimizer, theirs, opened.remarks);
}

std::string lossDiffers(const OpenedDocument& opened, const Json& theirs) {
    const std::string name = theirs.is_string() ? theirs.get<std::string>() : theirs.at("class_name").get<std::string>();
    const LossType* type = findLossType(name);
    return objectDiffers("loss", type != nullptr ? &type->schema : nullptr, opened.state.training.loss, theirs, opened.remarks);
}

/// Beside the accuracy, which is always measured.
std::string metricsDiffer(const OpenedDocument& opened, const Json& theirs) {
    const std::vector<TypedParams>& ours = opened.state.training.metrics;
    std::size_t taken = 0;
    for (const Json& one : theirs.is_null() ? Json::array() : theirs) {
        if (one == "accuracy" || one == "acc") continue;
        const std::string name = one.is_string() ? one.get<std::string>() : one.at("class_name").get<std::string>();
        const MetricType* type = findMetricType(name);
        if (type != nullptr && taken == ours.size()) return "the metric " + name + " is not taken over";
        std::string why = objectDiffers("metric", type != nullptr ? &type->schema : nullptr,
                                        type != nullptr ? ours[taken] : TypedParams{}, one, opened.remarks);
        if (!why.empty()) return why;
        if (type != nullptr) ++taken;
    }
    return taken == ours.size() ? std::string() : fmt::format("{} metrics, not {}", ours.size(), taken);
}

} // namespace

std::string trainingDiffers(const OpenedDocument& opened, const Json& config) {
    for (const auto& [key, value] : config.items()) {
        std::string why;
        if (key == "optimizer_config") why = optimizerDiffers(opened, value);
        else if (key == "loss") why = lossDiffers(opened, value);
        else if (key == "metrics") why = metricsDiffer(opened, value);
        else if (key != "weighted_metrics" && key != "sample_weight_mode" && key != "loss_weights") why = "is not compared";
        else if (!value.empty() && !isTold(opened.remarks, key, value)) why = fmt::format("is {} and nothing says that it is left out", value.dump());
        if (!why.empty()) return "training_config " + key + ": " + why;
    }
    return {};
}

std::string historyDiffers(const OpenedDocument& opened, const Json& history) {
    if (history.is_null()) return {};
    if (!opened.compiled) return "it was trained and not compiled";
    const std::vector<TypedParams>& metrics = opened.state.training.metrics;
    std::size_t measured = 0;
    for (const auto& [name, values] : history.items()) {
        if (values.size() != history.at("loss").size()) return "fit_history: " + name + " is not one value an epoch";
        const MetricType* type = findMetricType(name);
        const bool ours = type != nullptr && std::ranges::find(metrics, type->schema.id, &TypedParams::id) != metrics.end();
        if (name != "loss" && name != "accuracy" && name != "acc" && !ours) return "fit_history: " + name + " is not measured";
        measured += ours ? 1 : 0;
    }
    if (measured != metrics.size()) return fmt::format("fit_history: {} of {} metrics", measured, metrics.size());
    const std::shared_ptr<const OptimizerState> optimizer = opened.state.trained->optimizer;
    if (optimizer == nullptr) return {}; // Keras's .h5 is read without it
    const auto epochs = static_cast<std::int64_t>(history.at("loss").size());
    if (epochs > 0 && optimizer->iterations >= epochs && optimizer->iterations % epochs == 0) return {};
    return fmt::format("fit_history: {} updates in {} epochs", optimizer->iterations, epochs);
}

} // namespace strata::test
