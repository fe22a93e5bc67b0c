// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/keras_objects.h"

#include "engine/core/said.h"
#include "engine/graph/model_graph.h"
#include "engine/interop/foreign_json.h"
#include "engine/interop/keras_tables.h"
#include "engine/schema/param_json.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::keras {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

std::string moduleOf(std::string_view family) {
    return fmt::format("keras.{}s", family);
}

Ordered tupleToKeras(const Param& param, const ParamValue::IntList& list) {
    // A size that follows from the others is -1 to Keras, one that is left open None.
    const bool follows = param.key == "target_shape";
    const auto one = [&](std::int64_t i) { return i == Shape::kUnknown && !follows ? Ordered() : Ordered(i); };
    const auto plain = [](std::int64_t i) { return Ordered(i); };
    Ordered out = Ordered::array();
    // A single group stands by itself: Cropping1D's (1, 2), but Cropping2D's ((1, 2), (3, 4)).
    if (param.groupsOf > 1 && list.size() > static_cast<std::size_t>(param.groupsOf)) {
        for (std::size_t i = 0; i < list.size(); i += static_cast<std::size_t>(param.groupsOf)) {
            Ordered group = Ordered::array();
            for (std::size_t k = i; k < list.size() && k < i + static_cast<std::size_t>(param.groupsOf); ++k)
                group.push_back(list[k]);
            out.push_back(std::move(group));
        }
        return out;
    }
    for (const std::int64_t i : list)
        out.push_back(param.allowUnknown ? one(i) : plain(i));
    return out;
}

/// A family of one: Keras writes its parameters without a class (BatchNormalization's renorm_clipping).
bool isPlainDictionary(const SchemaFamily& family) {
    return family.members.size() == 1;
}

Ordered objectToKeras(const Param& param, const TypedParams& object) {
    const SchemaFamily& family = param.family();
    const Schema* schema = family.find(object.id);
    Ordered config = Ordered::object();
    if (schema != nullptr) {
        if (const Result<ParamMap> checked = schema->check(object.params); checked)
            config = toKeras(*schema, *checked);
        if (family.name == "initializer") config.update(extraInitializerKeys(*schema));
    }
    if (isPlainDictionary(family)) {
        Ordered given = Ordered::object();
        for (const auto& [key, value] : config.items()) {
            if (!value.is_null()) given[key] = value;
        }
        return given;
    }
    return kerasObject(moduleOf(family.name), object.id, std::move(config));
}

/// Numbers, flattened: ((1, 1), (2, 2)) is 1, 1, 2, 2. Nullopt where there is something else.
bool flattenInts(const Json& json, ParamValue::IntList& out, int depth = 0) {
    if (out.size() > 64 || depth > 3) return false;
    if (json.is_null()) {
        out.push_back(Shape::kUnknown);
        return true;
    }
    if (json.is_number_integer()) {
        const std::optional<std::int64_t> v = wholeFrom(json);
        if (v) out.push_back(*v);
        return v.has_value();
    }
    if (json.is_number_float()) {
        const double v = json.get<double>();
        if (v != std::floor(v) || std::abs(v) > 9e15) return false;
        out.push_back(static_cast<std::int64_t>(v));
        return true;
    }
    if (!json.is_array()) return false;
    return std::ranges::all_of(json, [&](const Json& j) { return flattenInts(j, out, depth + 1); });
}

Error wrongKind(std::string_view rule, const Json& json) {
    return failure("keras.value", fmt::format("{} {}", shortJson(json), rule));
}

/// Activations come as names, as {"class_name": "function", "config": "relu"}, or as a layer.
Result<ParamValue> choiceFromKeras(const Param& param, const Json& json) {
    std::string text;
    if (json.is_string())
        text = json.get<std::string>();
    else if (json.is_object()) {
        const Json& config = memberOf(json, "config");
        text = config.is_string() ? config.get<std::string>()
                                  : ModelGraph::snakeCase(textOf(json, "class_name"));
        if (text == "re_lu") text = "relu";
    } else {
        return wrongKind(said("is no name"), json);
    }
    if (param.kind == ParamKind::Text) return ParamValue(text);
    constexpr std::size_t longest = 64; // of the names that any layer knows, and more
    if (text.size() > longest) return wrongKind(said("is no name of one"), json);
    if (const auto has =
            [&](const std::string& t) { return std::ranges::find(param.choices, t) != param.choices.end(); };
        !has(text) && has(currentActivation(text))) {
        text = currentActivation(text);
    }
    return ParamValue(text);
}

/// A float32 that was written as the double next to it: 0.0010000000474974513 is 0.001.
double shortestReal(double v) {
    const auto narrow = static_cast<float>(v);
    if (!std::isfinite(v) || static_cast<double>(narrow) != v) return v;
    double out = v;
    const std::string text = fmt::format("{}", narrow);
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
}

Result<ParamValue> realsFromKeras(const Json& given) {
    // Arrays of numpy are objects of their own.
    const bool isArray = given.is_object() && textOf(given, "class_name") == "__numpy__" && given.contains("config") && given["config"].is_object();
    const Json json = isArray ? given["config"].value("value", Json()) : given;
    ParamValue::RealList list;
    if (json.is_number()) return ParamValue(ParamValue::RealList{json.get<double>()});
    if (!json.is_array() || !std::ranges::all_of(json, [](const Json& j) { return j.is_number(); })) {
        return wrongKind(said("is no list of numbers"), json);
    }
    for (const Json& j : json)
        list.push_back(j.get<double>());
    return ParamValue(std::move(list));
}

} // namespace

Ordered kerasObject(std::string_view module, std::string_view className, Ordered config) {
    return {{"module", module},
            {"class_name", className},
            {"config", std::move(config)},
            {"registered_name", nullptr}};
}

Ordered toKeras(const Param& param, const ParamValue& value) {
    if (const auto* b = value.asBool()) return *b;
    if (const auto* i = value.asInt()) return *i;
    if (const auto* r = value.asReal()) return *r;
    if (const auto* t = value.asText()) return *t;
    if (const auto* list = value.asInts()) return tupleToKeras(param, *list);
    if (const auto* list = value.asReals())
        return list->size() == 1 ? Ordered(list->front()) : Ordered(*list);
    if (const auto* object = value.asObject()) return objectToKeras(param, *object);
    return nullptr;
}

Ordered toKeras(const Schema& schema, const ParamMap& checked) {
    Ordered out = Ordered::object();
    for (const Param& p : schema.params) {
        Ordered value = toKeras(p, checked.at(p.key));
        if (value.is_array() && value.size() == 1 && isNumberWhenAlone(schema, p.key)) value = Ordered(value.front());
        out[p.key] = std::move(value);
    }
    return out;
}

Ordered shapeToKeras(const Shape& shape) {
    Ordered out = Ordered::array({nullptr});
    for (const std::int64_t d : shape.dims())
        out.push_back(d == Shape::kUnknown ? Ordered() : Ordered(d));
    return out;
}

Ordered float32Policy() {
    return kerasObject("keras", "DTypePolicy", {{"name", "float32"}});
}

Result<ParamValue> fromKeras(const Param& param, const Json& json, std::vector<std::string>& remarks) {
    if (json.is_null()) {
        if (param.optional) return ParamValue();
        // An activation of None is the identity; whatever else is missing keeps its default.
        const bool linear = std::ranges::find(param.choices, "linear") != param.choices.end();
        return linear ? ParamValue("linear") : param.defaultValue;
    }
    switch (param.kind) {
    case ParamKind::Bool:
        if (json.is_boolean()) return ParamValue(json.get<bool>());
        return wrongKind(said("is neither true nor false"), json);
    case ParamKind::Int:
    case ParamKind::IntTuple: {
        ParamValue::IntList list;
        if (!flattenInts(json, list)) return wrongKind(said("is no whole number and no list of them"), json);
        if (param.kind == ParamKind::Int && list.size() != 1)
            return wrongKind(said("is no single whole number"), json);
        if (!json.is_array() && list.size() == 1) return ParamValue(list.front());
        if (param.kind == ParamKind::Int) return ParamValue(list.front());
        return ParamValue(std::move(list));
    }
    case ParamKind::Real:
        if (json.is_number()) return ParamValue(json.get<double>());
        return wrongKind(said("is no number"), json);
    case ParamKind::RealList:
        return realsFromKeras(json);
    case ParamKind::Text:
    case ParamKind::Choice:
        return choiceFromKeras(param, json);
    case ParamKind::Object: {
        std::vector<std::string> leftOut;
        Result<TypedParams> object = objectFromKeras(param.family(), json, leftOut);
        if (object) return ParamValue(std::move(*object));
        if (param.family().name != "initializer") return object.error();
        remarks.push_back(said("{}: {}; a new start would use {}", param.key, object.error().message,
                               param.defaultValue.text()));
        return param.defaultValue;
    }
    }
    return wrongKind(said("is of an unknown kind"), json);
}

Result<TypedParams> objectFromKeras(const SchemaFamily& family, const Json& json,
                                    std::vector<std::string>& leftOut) {
    const std::string name = json.is_string() ? json.get<std::string>() : textOf(json, "class_name");
    const bool plain = isPlainDictionary(family) && json.is_object() && !json.contains("class_name");
    const std::string id = plain ? family.members.front()->id : classNameIn(family, name);
    const Schema* schema = family.find(id);
    if (schema == nullptr) {
        return failure("keras.unknown_object",
                       said("{} is no {} that Strata has",
                            name.empty() ? shortJson(json) : "\"" + shortText(name) + "\"",
                            family.name));
    }
    TypedParams out{id, {}};
    const Json& config = plain ? json : memberOf(json, "config");
    if (config.is_object()) {
        for (const auto& [key, value] : config.items()) {
            const Param* p = schema->find(key);
            if (p == nullptr) {
                if (!value.is_null()) leftOut.push_back(key);
                continue;
            }
            Json given = value;
            // TensorFlow 1's VarianceScaling said "normal" for what Keras calls "truncated_normal".
            if (key == "distribution" && value == "normal") given = "truncated_normal";
            if (key == "seed" && !value.is_number_integer()) continue;
            if (p->kind == ParamKind::Real && value.is_number()) given = shortestReal(value.get<double>());
            std::vector<std::string> remarks;
            Result<ParamValue> v = fromKeras(*p, given, remarks);
            if (!v) return failure(v.error().id, said("{} of {}: {}", key, id, v.error().message));
            out.params[key] = std::move(*v);
        }
    }
    Result<ParamMap> checked = schema->check(out.params);
    if (!checked) return checked.error();
    out.params = std::move(*checked);
    return out;
}

} // namespace strata::keras
