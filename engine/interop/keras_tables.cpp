// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_tables.h"

#include "engine/graph/model_graph.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace strata::keras {
namespace {

using Ordered = nlohmann::ordered_json;
using Json = nlohmann::json;

bool startsWith(std::string_view text, std::string_view head) {
    return text.substr(0, head.size()) == head;
}
bool endsWith(std::string_view text, std::string_view tail) {
    return text.size() >= tail.size() && text.substr(text.size() - tail.size()) == tail;
}
bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

bool isConvolution(std::string_view c) {
    return contains(c, "Conv1D") || contains(c, "Conv2D") || contains(c, "Conv3D");
}

bool hasDataFormat(std::string_view c) {
    if (isConvolution(c) || contains(c, "Pooling") || c == "Flatten" || startsWith(c, "ZeroPadding"))
        return true;
    if (startsWith(c, "Random") || c == "Resizing" || c == "CenterCrop") return true;
    const bool spatial =
        startsWith(c, "UpSampling") || startsWith(c, "Cropping") || startsWith(c, "SpatialDropout");
    return spatial && !endsWith(c, "1D");
}

bool isRandom(std::string_view c) {
    return contains(c, "Dropout") || c == "GaussianNoise" || startsWith(c, "Random");
}

/// Keras's defaults of a layer class, also of keys that a schema may have.
Ordered layerDefaults(const Schema& schema) {
    const std::string_view c = schema.id;
    Ordered all = Ordered::object();
    if (hasDataFormat(c)) all["data_format"] = "channels_last";
    for (const Param& p : schema.params) {
        constexpr std::string_view ending = "_initializer";
        if (!endsWith(p.key, ending) || startsWith(p.key, "moving_")) continue;
        const std::string weight = p.key.substr(0, p.key.size() - ending.size());
        all[weight + "_regularizer"] = nullptr;
        all[weight + "_constraint"] = nullptr;
    }
    if (c == "Dense") all["quantization_config"] = nullptr;
    if (isRandom(c)) all["seed"] = nullptr;
    if (c == "Resizing") all.update({{"pad_to_aspect_ratio", false}, {"fill_mode", "constant"}, {"fill_value", 0.0}, {"antialias", false}});
    if (startsWith(c, "Global")) all["keepdims"] = false;
    if (c == "BatchNormalization") {
        all["axis"] = -1;
        all["synchronized"] = false;
    }
    return all;
}

Ordered withoutKeysOf(const Schema& schema, const Ordered& all) {
    Ordered out = Ordered::object();
    for (const auto& [key, value] : all.items()) {
        if (schema.find(key) == nullptr) out[key] = value;
    }
    return out;
}

} // namespace

Ordered extraLayerKeys(const Schema& schema) {
    return withoutKeysOf(schema, layerDefaults(schema));
}

Ordered extraOptimizerKeys(const Schema& schema) {
    return withoutKeysOf(schema, {{"weight_decay", nullptr},
                                  {"clipnorm", nullptr},
                                  {"global_clipnorm", nullptr},
                                  {"clipvalue", nullptr},
                                  {"use_ema", false},
                                  {"ema_momentum", 0.99},
                                  {"ema_overwrite_frequency", nullptr},
                                  {"loss_scale_factor", nullptr},
                                  {"gradient_accumulation_steps", nullptr}});
}

Ordered extraLossKeys(const Schema& schema) {
    Ordered all = {{"reduction", "sum_over_batch_size"}};
    if (contains(schema.id, "Crossentropy") && !startsWith(schema.id, "Sparse")) all["axis"] = -1;
    if (schema.id == "Dice" || schema.id == "Tversky") all["axis"] = nullptr;
    return withoutKeysOf(schema, all);
}

Ordered extraInitializerKeys(const Schema& schema) {
    const std::string_view c = schema.id;
    if (!startsWith(c, "Glorot") && !startsWith(c, "He") && !startsWith(c, "Lecun") && c != "VarianceScaling")
        return Ordered::object();
    return withoutKeysOf(schema, {{"seed", nullptr}, {"input_axes", nullptr}, {"output_axes", nullptr}});
}

bool leavesOutWhenNone(std::string_view className, std::string_view key) {
    return key == "activity_regularizer" && !isConvolution(className);
}

bool isNumberWhenAlone(const Schema& schema, std::string_view key) {
    return key == "axis" && (schema.category == "constraint" || schema.id == "UnitNormalization" || schema.id == "Softmax");
}

void resolveStrides(const Schema& schema, ParamMap& params) {
    if (schema.find("pool_size") == nullptr || schema.find("strides") == nullptr ||
        !params.at("strides").isNull())
        return;
    params["strides"] = params.at("pool_size");
}

void resolveFactor(const Schema& schema, ParamMap& params) {
    const Param* factor = schema.find("factor");
    if (factor == nullptr || factor->kind != ParamKind::RealList) return;
    const ParamValue::RealList& given = *params.at("factor").asReals();
    if (given.size() == 1) params["factor"] = ParamValue::RealList{std::max(-std::abs(given[0]), factor->min), std::abs(given[0])};
}

void unresolveStrides(const Schema& schema, ParamMap& params) {
    const Param* strides = schema.find("strides");
    if (schema.find("pool_size") == nullptr || strides == nullptr || !strides->defaultValue.isNull()) return;
    if (params.at("strides") == params.at("pool_size")) params["strides"] = ParamValue();
}

bool hasNoDefault(const Schema& schema, std::string_view key) {
    constexpr std::array keys = {"filters",       "kernel_size", "units",       "rate",
                                 "output_size",   "pool_size",   "dims",        "n",
                                 "scale",         "stddev",      "axes",        "target_shape",
                                 "shape",         "num_classes", "target_class_ids", "recall",
                                 "precision",     "specificity", "sensitivity", "filename",
                                 "filepath",      "boundaries",  "values",      "initial_learning_rate",
                                 "decay_steps",   "decay_rate",  "first_decay_steps", "learning_rate",
                                 "height_factor", "width_factor", "height",    "width"};
    const Param* param = schema.find(key);
    // A switch of the same name, BatchNormalization's scale, is another thing.
    if (std::ranges::find(keys, key) != keys.end()) return param != nullptr && param->kind != ParamKind::Bool;
    if (key == "factor") return startsWith(schema.id, "Random");
    // Of a layer that is nothing but its activation.
    return key == "activation" && schema.category == "activation";
}

bool hasBuildConfig(std::string_view c) {
    constexpr std::array without = {"Activation",
                                    "ActivityRegularization",
                                    "ELU",
                                    "GaussianNoise",
                                    "Identity",
                                    "LeakyReLU",
                                    "Masking",
                                    "ReLU",
                                    "Reshape",
                                    "Softmax",
                                    "UnitNormalization"};
    if (std::ranges::find(without, c) != without.end() || contains(c, "Dropout")) return false;
    return !contains(c, "Pooling") || startsWith(c, "Adaptive");
}

bool hasTrainable(std::string_view c) {
    return !startsWith(c, "SpatialDropout");
}

std::string_view kerasClassName(std::string_view cardType) {
    return cardType == kInputCard ? std::string_view(kInputLayer) : cardType;
}

std::string currentClassName(std::string_view className) {
    constexpr std::array<std::array<std::string_view, 2>, 9> renamed = {
        {{"BatchNormalizationV1", "BatchNormalization"},
         {"BatchNormalizationV2", "BatchNormalization"},
         {"SyncBatchNormalization", "BatchNormalization"},
         {"MaxPool1D", "MaxPooling1D"},
         {"MaxPool2D", "MaxPooling2D"},
         {"AvgPool2D", "AveragePooling2D"},
         {"GlobalAvgPool2D", "GlobalAveragePooling2D"},
         {"GlobalMaxPool2D", "GlobalMaxPooling2D"},
         {"ThresholdedReLU", "ReLU"}}};
    for (const auto& [old, now] : renamed) {
        if (className == old) return std::string(now);
    }
    return std::string(className);
}

std::string currentKey(std::string_view className, std::string_view key) {
    if (className == "LeakyReLU" && key == "alpha") return "negative_slope";
    if (className == "ThresholdedReLU" && key == "theta") return "threshold";
    if (startsWith(className, "Depthwise") && key == "depthwise_kernel_initializer")
        return "depthwise_initializer";
    return std::string(key);
}

std::string classNameIn(const SchemaFamily& family, std::string_view name) {
    if (family.find(name) != nullptr) return std::string(name);
    for (const Schema* s : family.members) {
        if (ModelGraph::snakeCase(s->id) == name) return s->id;
        if (std::ranges::find(s->synonyms, name) != s->synonyms.end()) return s->id;
    }
    constexpr std::array<std::array<std::string_view, 2>, 6> aliases = {{{"zero", "Zeros"},
                                                                         {"one", "Ones"},
                                                                         {"normal", "RandomNormal"},
                                                                         {"uniform", "RandomUniform"},
                                                                         {"Zero", "Zeros"},
                                                                         {"One", "Ones"}}};
    for (const auto& [alias, id] : aliases) {
        if (name == alias && family.find(id) != nullptr) return std::string(id);
    }
    return {};
}

std::string currentActivation(std::string_view name) {
    if (name == "swish") return "silu";
    if (name == "hard_swish") return "hard_silu";
    if (name == "softmax_v2") return "softmax";
    return std::string(name);
}

Unknown unknownKey(std::string_view className, std::string_view key, const Json& value) {
    if (value.is_null()) return Unknown::Ignore;
    // Keras 2's depthwise and separable convolutions inherit keys that they do not use.
    if (key == "name" || key == "dtype" || key == "trainable" || key == "batch_input_shape" ||
        key == "batch_shape" || endsWith(key, "_initializer") || startsWith(key, "renorm") ||
        key == "input_dim" || key == "input_shape" || key == "build_input_shape" || key == "seed" ||
        key == "fused" || key == "virtual_batch_size") {
        return Unknown::Ignore;
    }
    if (key == "groups" && value == 1) return Unknown::Ignore;
    // Of a padding that is not asked for; of a layer that treats all values alike.
    if (className == "Resizing" && startsWith(key, "fill_")) return Unknown::Ignore;
    if (className == "RandomBrightness" && key == "data_format") return Unknown::Ignore;
    if (key == "data_format") return value == "channels_last" ? Unknown::Ignore : Unknown::Refuse;
    if (endsWith(key, "_regularizer") || endsWith(key, "_constraint") || key == "noise_shape" ||
        key == "synchronized" || key == "quantization_config") {
        return value == false ? Unknown::Ignore : Unknown::TrainOnly;
    }
    const bool dilated = key == "dilation_rate";
    if (dilated) {
        const bool ones = value == 1 || (value.is_array() &&
                                         std::ranges::all_of(value, [](const Json& j) { return j == 1; }));
        return ones ? Unknown::Ignore : Unknown::Refuse;
    }
    return value == false ? Unknown::Ignore : Unknown::Refuse;
}

} // namespace strata::keras
