// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"
#include "engine/graph/analysis.h"
#include "engine/graph/layout.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/keras_config.h"
#include "engine/interop/keras_model_reader.h"
#include "engine/interop/keras_objects.h"
#include "engine/training/loss.h"
#include "engine/training/metric.h"
#include "engine/training/optimizer.h"
#include "engine/training/schedule.h"

#include <nlohmann/json.hpp>

namespace strata {
namespace {

using Json = nlohmann::json;

/// A learning rate schedule goes into `schedule`; what it begins with stays as the optimiser's rate.
Json withPlainRate(Json optimizer, std::optional<TypedParams>& schedule, std::vector<std::string>& remarks) {
    if (!memberOf(optimizer, "config").is_object()) return optimizer;
    Json& config = optimizer["config"];
    if (config.contains("lr") && !config.contains("learning_rate")) config["learning_rate"] = config["lr"];
    const Json& rate = memberOf(config, "learning_rate");
    if (rate.is_object()) {
        Json start = memberOf(memberOf(rate, "config"), kInitialRate);
        std::vector<std::string> leftOut;
        Result<TypedParams> read = keras::objectFromKeras(scheduleFamily(), rate, leftOut);
        if (read) read = checkSchedule(*read);
        if (read)
            schedule = std::move(*read);
        else
            remarks.push_back(
                said("The learning rate follows {}; Strata begins with its first value and keeps it.",
                     shortText(textOf(rate, "class_name", said("a schedule")))));
        if (start.is_number())
            config["learning_rate"] = std::move(start);
        else
            config.erase("learning_rate");
    }
    // Keras 2 wrote None for the default.
    if (memberOf(config, "epsilon").is_null()) config.erase("epsilon");
    return optimizer;
}

/// What Keras's SGD, Adam, ... have at their defaults, and Keras 2's bookkeeping.
bool saysNothing(const std::string& key, const Json& value) {
    if (value.is_null() || value == false || value == 0 || value == 0.0) return true;
    if (key == "axis" && value == -1) return true;
    for (const char* k :
         {"name", "ema_momentum", "lr", "is_legacy_optimizer", "jit_compile", "dtype", "reduction", "fn"}) {
        if (key == k) return true;
    }
    return false;
}

void remarkLeftOut(const Json& object, const std::vector<std::string>& keys,
                   std::vector<std::string>& remarks) {
    for (const std::string& key : keys) {
        const Json& value = memberOf(memberOf(object, "config"), key);
        if (saysNothing(key, value)) continue;
        remarks.push_back(said("{}: {} = {} is left out.", shortText(textOf(object, "class_name")),
                               shortText(key), shortJson(value)));
    }
}

/// Metrics by name or as objects; the accuracy is always measured.
void readMetrics(const Json& given, KerasModel& model) {
    if (!given.is_array()) return;
    for (const Json& one : given) {
        if (one.is_array()) { // one list an output
            readMetrics(one, model);
            continue;
        }
        const std::string name = one.is_string() ? one.get<std::string>() : textOf(one, "class_name");
        if (name == "accuracy" || name == "acc" || name == "loss" || name.empty()) continue;
        const MetricType* type = findMetricType(name);
        std::vector<std::string> leftOut;
        Result<TypedParams> read = one.is_object() ? keras::objectFromKeras(metricFamily(), one, leftOut)
                                   : type != nullptr ? checkMetric({type->schema.id, {}})
                                                     : checkMetric({name, {}});
        if (read)
            model.metrics.push_back(std::move(*read));
        else
            model.remarks.push_back(said("The metric {} is not taken over.", shortText(name)));
    }
}

/// What weighs outputs and samples against each other has no place here.
void remarkWeighting(const Json& config, std::vector<std::string>& remarks) {
    for (const char* key : {"weighted_metrics", "sample_weight_mode", "loss_weights"}) {
        const Json& value = memberOf(config, key);
        if (value.empty()) continue;
        remarks.push_back(said("The training's {} = {} is left out; Strata weighs classes, but neither outputs nor samples.",
                               key, shortJson(value)));
    }
}

/// Some are sentences, some the end of one.
std::string ended(std::string message) {
    return message.ends_with('.') ? message : message + '.';
}

void readCompileConfig(const Json& config, KerasModel& model) {
    if (!config.is_object()) return;
    const Json& given =
        config.contains("optimizer") ? config["optimizer"] : memberOf(config, "optimizer_config");
    model.compiled = model.compiled || !given.is_null() || !memberOf(config, "loss").is_null();
    if (!given.is_null()) {
        const Json object = withPlainRate(given, model.schedule, model.remarks);
        std::vector<std::string> leftOut;
        Result<TypedParams> optimizer = keras::objectFromKeras(optimizerFamily(), object, leftOut);
        remarkLeftOut(object, leftOut, model.remarks);
        if (optimizer)
            model.optimizer = std::move(*optimizer);
        else
            model.remarks.push_back(
                said("The optimiser is not taken over: {}", ended(optimizer.error().message)));
    }
    readMetrics(memberOf(config, "metrics"), model);
    remarkWeighting(config, model.remarks);
    Json loss = memberOf(config, "loss");
    if ((loss.is_array() || (loss.is_object() && !loss.contains("class_name"))) && loss.size() == 1)
        loss = Json(*loss.begin());
    if (!loss.is_null()) {
        std::vector<std::string> leftOut;
        Result<TypedParams> read = keras::objectFromKeras(lossFamily(), loss, leftOut);
        remarkLeftOut(loss, leftOut, model.remarks);
        if (read)
            model.loss = std::move(*read);
        else
            model.remarks.push_back(said("The loss is not taken over: {}", ended(read.error().message)));
    }
}

/// What could only be judged with all shapes known; of cards that wait for one of an unknown class it is told what they lack.
Result<> checkClaims(const keras::ModelReader& reader, const GraphReport& report, std::vector<std::string>& remarks) {
    const auto waits = [](const NodeReport& r) { return r.state != NodeState::Ready; };
    for (const auto& [node, name] : reader.laterCalls()) {
        const NodeReport* r = report.find(node);
        if (r != nullptr && waits(*r)) {
            remarks.push_back(said("Layer \"{}\" is called several times; Strata cannot draw shared weights: each of its cards is a layer by itself.",
                                   shortText(name)));
            continue;
        }
        if (r == nullptr || r->plan.weights.empty()) continue;
        return failure("keras.shared_layer", said("Layer \"{}\" is called several times with the same "
                                                  "weights; Strata cannot draw shared weights.",
                                                  shortText(name)));
    }
    for (const keras::ModelReader::AxisClaim& claim : reader.axes()) {
        const NodeReport* r = report.find(claim.node);
        if (r != nullptr && waits(*r))
            remarks.push_back(said("{}: axis = {} is left out; its card takes the last axis of its input.", claim.place, claim.axis));
        if (r == nullptr || waits(*r) || r->inputShapes.empty() || r->inputShapes.front().rank() == claim.axis) continue;
        return failure(
            "keras.option",
            said("{}: axis = {} is not the last axis of its input {}; Strata has only that one.",
                 claim.place, claim.axis, r->inputShapes.front().kerasText()));
    }
    return {};
}

/// All at once, so that nobody mends one and meets the next.
void remarkForeign(KerasModel& model) {
    if (model.foreign.empty()) return;
    constexpr std::size_t most = 20;
    std::string all;
    for (std::size_t i = 0; i < std::min(most, model.foreign.size()); ++i) all += (i == 0 ? "" : ", ") + model.foreign[i];
    if (model.foreign.size() > most) all += said(" and {} more", model.foreign.size() - most);
    model.remarks.push_back(said("Strata has no layers of these classes: {}. Their cards stand in their places without their options; put other "
                                 "layers there or remove them. The weights of these layers, and of all that wait for them, begin anew.",
                                 all));
}

} // namespace

Result<KerasModel> graphFromKeras(const std::string& text) {
    const Result<Json> json = parseForeignJson(text, said("The model's configuration"));
    if (!json) return json.error();
    if (textOf(*json, "keras_version").starts_with("1.")) {
        return failure("keras.too_old", said("The model was written by Keras 1, which Strata does not read; open "
                                             "and save it with Keras 2 first."));
    }
    keras::ModelReader reader;
    Result<std::vector<NodeId>> outputs = reader.readWhole(*json);
    if (!outputs) return outputs.error();

    KerasModel model;
    Result<ModelGraph> graph = reader.graph();
    if (!graph) return graph.error();
    model.graph = layOut(*graph);
    model.name = textOf(memberOf(*json, "config"), "name", "model");
    model.sequential = textOf(*json, "class_name") == "Sequential";
    model.layers = reader.takeLayers();
    model.remarks = reader.takeRemarks();
    model.foreign = reader.takeForeign();
    remarkForeign(model);
    if (Result<> r = checkClaims(reader, analyse(model.graph), model.remarks); !r) return r.error();
    readCompileConfig(memberOf(*json, "compile_config"), model);
    readCompileConfig(memberOf(*json, "training_config"), model);
    return model;
}

} // namespace strata
