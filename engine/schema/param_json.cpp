// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/schema/param_json.h"

#include "engine/core/said.h"
#include "engine/core/shape.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace strata {
namespace {

using Json = nlohmann::json;
constexpr int kMaxDepth = 16;

Json numberToJson(double v) {
    if (std::isfinite(v)) return v;
    return std::isnan(v) ? "NaN" : v > 0 ? "Infinity" : "-Infinity";
}

/// JSON has no word for it: text stands in its place.
std::optional<double> infinityIn(const Json& json) {
    if (json == "Infinity") return std::numeric_limits<double>::infinity();
    if (json == "-Infinity") return -std::numeric_limits<double>::infinity();
    return std::nullopt;
}

Result<ParamValue> fromJson(const Json& json, int depth);

Error tooLarge(const Json& json) {
    return failure("json.whole", said("The number {} is too large for a parameter; write one below 9223372036854775808", json.dump()));
}

Result<ParamMap> mapFromJson(const Json& json, int depth) {
    if (!json.is_object()) return failure("json.params", said("Parameters must be a JSON object"));
    ParamMap map;
    for (const auto& [key, value] : json.items()) {
        Result<ParamValue> v = fromJson(value, depth + 1);
        if (!v) return v.error();
        map[key] = std::move(*v);
    }
    return map;
}

Result<ParamValue> listFromJson(const Json& json) {
    const bool whole =
        std::ranges::all_of(json, [](const Json& j) { return j.is_number_integer() || j.is_null(); });
    if (whole) {
        ParamValue::IntList list;
        for (const Json& j : json) {
            const std::optional<std::int64_t> v = j.is_null() ? Shape::kUnknown : wholeFrom(j);
            if (!v) return tooLarge(j);
            list.push_back(*v);
        }
        return ParamValue(std::move(list));
    }
    ParamValue::RealList list;
    for (const Json& j : json) {
        const std::optional<double> infinity = infinityIn(j);
        if (!infinity && !j.is_number()) return failure("json.list", said("A list of parameters must hold numbers only"));
        list.push_back(infinity ? *infinity : j.get<double>());
    }
    return ParamValue(std::move(list));
}

Result<ParamValue> fromJson(const Json& json, int depth) {
    if (depth > kMaxDepth) return failure("json.depth", said("Parameters are nested too deeply"));
    if (json.is_null()) return ParamValue();
    if (json.is_boolean()) return ParamValue(json.get<bool>());
    if (json.is_number_integer()) {
        const std::optional<std::int64_t> v = wholeFrom(json);
        return v ? Result<ParamValue>(*v) : tooLarge(json);
    }
    if (json.is_number()) return ParamValue(json.get<double>());
    if (json.is_array()) return listFromJson(json);
    if (json.is_string()) {
        if (const std::optional<double> infinity = infinityIn(json)) return ParamValue(*infinity);
        return ParamValue(json.get<std::string>());
    }
    const auto id = json.find("id");
    const auto params = json.find("params");
    if (id == json.end() || params == json.end() || !id->is_string()) {
        return failure("json.object", said("An object among the parameters must have \"id\" and \"params\""));
    }
    Result<ParamMap> map = mapFromJson(*params, depth);
    if (!map) return map.error();
    return ParamValue(TypedParams{id->get<std::string>(), std::move(*map)});
}

} // namespace

std::optional<std::int64_t> wholeFrom(const Json& json) {
    if (!json.is_number_integer()) return {};
    if (json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return {};
    return json.get<std::int64_t>();
}

Json toJson(const ParamValue& value) {
    if (const auto* b = value.asBool()) return *b;
    if (const auto* i = value.asInt()) return *i;
    if (const auto* r = value.asReal()) return numberToJson(*r);
    if (const auto* t = value.asText()) return *t;
    if (const auto* list = value.asInts()) {
        Json out = Json::array();
        for (const std::int64_t i : *list)
            out.push_back(i == Shape::kUnknown ? Json() : Json(i));
        return out;
    }
    if (const auto* list = value.asReals()) {
        Json out = Json::array();
        for (const double r : *list)
            out.push_back(numberToJson(r));
        return out;
    }
    if (const auto* o = value.asObject()) return Json{{"id", o->id}, {"params", toJson(o->params)}};
    return nullptr;
}

Json toJson(const ParamMap& params) {
    Json out = Json::object();
    for (const auto& [key, value] : params)
        out[key] = toJson(value);
    return out;
}

Result<ParamValue> paramFromJson(const Json& json) {
    return fromJson(json, 0);
}

Result<ParamMap> paramsFromJson(const Json& json) {
    return mapFromJson(json, 0);
}

} // namespace strata
