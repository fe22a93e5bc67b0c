// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_read_layer.h"

#include "engine/core/said.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/keras_objects.h"
#include "engine/interop/keras_tables.h"
#include "engine/layers/layer.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::keras {
namespace {

using Json = nlohmann::json;

Error at(const std::string& place, const Error& error) {
    return failure(error.id, fmt::format("{}: {}.", place, error.message));
}

/// Convolution2D with nb_filter and border_mode: the names that Keras 1 gave to things.
bool isKeras1(const Json& config) {
    for (const char* key : {"nb_filter", "nb_row", "border_mode", "subsample", "dim_ordering"}) {
        if (config.contains(key)) return true;
    }
    return false;
}

void remarkDtype(const std::string& place, const Json& config, std::vector<std::string>& remarks) {
    const Json& dtype = memberOf(config, "dtype");
    const std::string policy =
        dtype.is_string() ? dtype.get<std::string>() : textOf(memberOf(dtype, "config"), "name", "float32");
    if (policy != "float32")
        remarks.push_back(
            said("{} asks for {}: Strata computes in float32.", place, shortText(policy)));
}

} // namespace

const Json& batchShapeOf(const Json& config) {
    const Json& now = memberOf(config, "batch_shape");
    return now.is_array() ? now : memberOf(config, "batch_input_shape");
}

std::string cardName(std::string_view kerasName) {
    std::string name(kerasName);
    std::ranges::replace(name, '/', '_');
    return name;
}

std::string placeOf(std::string_view name, std::string_view className) {
    return said("Layer \"{}\" ({})", shortText(name), shortText(className));
}

Result<Node> readInput(const std::string& name, const Json& config) {
    const std::string place = placeOf(name, kInputLayer);
    for (const char* key : {"sparse", "ragged"}) {
        if (memberOf(config, key) == true)
            return failure(
                "keras.option",
                said("{}: {} inputs are not supported; only plain arrays are.", place, key));
    }
    const Json& shape = batchShapeOf(config);
    if (!shape.is_array() || shape.empty()) {
        return failure(
            "keras.no_shape",
            said("{}: batch_shape is missing; it should be a list such as [null, 28, 28, 1].", place));
    }
    ParamValue::IntList sizes;
    for (std::size_t i = 1; i < shape.size(); ++i) {
        const bool number = shape[i].is_number_integer() && shape[i] >= 0 &&
                            shape[i] <= std::numeric_limits<std::int64_t>::max();
        if (!number && !shape[i].is_null()) {
            return failure("keras.bad_shape",
                           said("{}: batch_shape has {} where a size or null belongs.", place,
                                shortJson(shape[i])));
        }
        sizes.push_back(number ? shape[i].get<std::int64_t>() : Shape::kUnknown);
    }
    const LayerType* type = findLayerType(kInputCard);
    Node node{.type = kInputCard, .name = cardName(name), .params = {{"shape", std::move(sizes)}}};
    Result<ParamMap> checked = type->schema.check(node.params);
    if (!checked) return at(place, checked.error());
    return node;
}

Result<ReadLayer> readLayer(const std::string& className, const std::string& name, const Json& config,
                            std::vector<std::string>& remarks) {
    const std::string place = placeOf(name, className);
    if (name.empty())
        return failure("keras.no_name", said("{} has no name; every layer needs one.", place));
    if (!config.is_object())
        return failure("keras.no_config", said("{}: its config is missing.", place));
    if (isKeras1(config)) {
        return failure(
            "keras.too_old",
            said(
                "{} was written by Keras 1, which Strata does not read; open and save it with Keras 2 first.",
                place));
    }
    const LayerType* type = findLayerType(currentClassName(className));
    if (type == nullptr) return failure("keras.unknown_layer", said("{}: Strata has no layer of this class.", place));
    if (type->schema.id == kInputCard)
        return failure("keras.no_input_layer", said("{}: this is no class of Keras's; an input is an InputLayer.", place));
    ReadLayer out{.node = {.type = type->schema.id, .name = cardName(name)}, .mustBeLastAxis = {}};
    Node& node = out.node;
    const Json& trainable = memberOf(config, "trainable");
    node.trainable = trainable != false;
    remarkDtype(place, config, remarks);
    for (const auto& [oldKey, value] : config.items()) {
        if (oldKey == "name" || oldKey == "trainable" || oldKey == "dtype") continue;
        const std::string key = currentKey(className, oldKey);
        const Param* param = type->schema.find(key);
        if (param == nullptr && key == "axis") {
            const Json& axis = value.is_array() && value.size() == 1 ? value[0] : value;
            if (!axis.is_number_integer())
                return failure("keras.option",
                               said("{}: axis = {} is not supported; it must be the last axis.", place,
                                    shortJson(value)));
            out.mustBeLastAxis = axis.get<std::int64_t>();
            continue;
        }
        if (param == nullptr) {
            const Unknown meaning = unknownKey(className, key, value);
            if (meaning == Unknown::Refuse) {
                return failure("keras.option",
                               said("{}: {} = {} is an option that Strata does not have.", place,
                                    shortText(key), shortJson(value)));
            }
            if (meaning == Unknown::TrainOnly) {
                remarks.push_back(said("{}: {} is left out; it changes training, not predictions.",
                                       place, shortText(key)));
            }
            continue;
        }
        std::vector<std::string> replaced;
        Result<ParamValue> read = fromKeras(*param, value, replaced);
        for (const std::string& text : replaced)
            remarks.push_back(fmt::format("{}: {}.", place, text));
        if (!read)
            return at(place, failure(read.error().id, fmt::format("{} = {}", key, read.error().message)));
        node.params[key] = std::move(*read);
    }
    Result<ParamMap> checked = type->schema.check(node.params);
    if (!checked) return at(place, checked.error());
    node.params = std::move(*checked);
    unresolveStrides(type->schema, node.params);
    return out;
}

} // namespace strata::keras
