// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/schema/schema.h"

#include "engine/core/said.h"
#include "engine/core/shape.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <fmt/format.h>

namespace strata {
namespace {

Error wrong(std::string_view owner, const Param& p, const ParamValue& value, std::string_view rule) {
    return failure("param.invalid", fmt::format("{}: {} = {} {}", owner, p.key, value.text(), rule));
}

std::string rangeRule(const Param& p) {
    const bool low = std::isfinite(p.min);
    const bool high = std::isfinite(p.max);
    if (low && high) {
        return said("must lie between {} and {}{}", p.min, p.max,
                    p.exclusiveMax   ? said(" ({} itself is not allowed)", p.max)
                    : p.exclusiveMin ? said(" ({} itself is not allowed)", p.min)
                                     : std::string());
    }
    if (low) return said("must be {} {}", p.exclusiveMin ? said("greater than") : said("at least"), p.min);
    return said("must be {} {}", p.exclusiveMax ? said("less than") : said("at most"), p.max);
}

bool inRange(const Param& p, double v) {
    if (std::isnan(v)) return false;
    if (p.exclusiveMin ? v <= p.min : v < p.min) return false;
    return p.exclusiveMax ? v < p.max : v <= p.max;
}

/// Empty, or the rule that a number breaks. Networks compute in float32: what it cannot hold would be infinite there.
std::string brokenRule(const Param& p, double v) {
    if (!inRange(p, v) && (std::isfinite(p.min) || std::isfinite(p.max))) return rangeRule(p);
    return std::abs(v) <= static_cast<double>(FLT_MAX) ? std::string() : said("must be a number between -3.4e38 and 3.4e38, which float32 can hold");
}

Result<ParamValue> checkInt(std::string_view owner, const Param& p, const ParamValue& value) {
    std::int64_t v = 0;
    if (const auto* i = value.asInt())
        v = *i;
    else if (const auto* r = value.asReal(); r && *r == std::floor(*r) && std::abs(*r) < 9e15)
        v = static_cast<std::int64_t>(*r);
    else
        return wrong(owner, p, value, said("must be a whole number"));
    if (!inRange(p, static_cast<double>(v))) return wrong(owner, p, value, rangeRule(p));
    return ParamValue(v);
}

Result<ParamValue> checkReal(std::string_view owner, const Param& p, const ParamValue& value) {
    double v = 0;
    if (const auto* r = value.asReal())
        v = *r;
    else if (const auto* i = value.asInt())
        v = static_cast<double>(*i);
    else
        return wrong(owner, p, value, said("must be a number"));
    if (const std::string rule = brokenRule(p, v); !rule.empty()) return wrong(owner, p, value, rule);
    return ParamValue(v);
}

Result<ParamValue> checkTuple(std::string_view owner, const Param& p, const ParamValue& value) {
    ParamValue::IntList list;
    if (const auto* t = value.asInts())
        list = *t;
    else if (const auto* i = value.asInt())
        list.assign(static_cast<std::size_t>(std::max(p.length, 1)), *i);
    else if (const auto* r = value.asReals(); r && r->empty())
        list.clear();
    else
        return wrong(owner, p, value, said("must be a whole number or a tuple of whole numbers"));
    // (A list of one stands for sizes, not for paddings, which may be 0: Keras refuses it there.)
    if (p.length > 0 && list.size() == 1 && p.min >= 1)
        list.assign(static_cast<std::size_t>(p.length), list.front());
    // Keras's shorthand for groups: (1, 2) stands for ((1, 1), (2, 2)).
    if (p.length > 0 && p.groupsOf > 1 &&
        list.size() * static_cast<std::size_t>(p.groupsOf) == static_cast<std::size_t>(p.length)) {
        ParamValue::IntList wide;
        for (const std::int64_t i : list)
            wide.insert(wide.end(), static_cast<std::size_t>(p.groupsOf), i);
        list = std::move(wide);
    }
    if (p.length > 0 && list.size() != static_cast<std::size_t>(p.length)) {
        return wrong(owner, p, value, said("must have {} values", p.length));
    }
    if (list.size() > static_cast<std::size_t>(Shape::kMaxRank)) {
        return wrong(owner, p, value, said("must have at most {} values", Shape::kMaxRank));
    }
    for (const std::int64_t i : list) {
        if (p.allowUnknown && i == Shape::kUnknown) continue;
        if (!inRange(p, static_cast<double>(i))) return wrong(owner, p, value, rangeRule(p));
    }
    return ParamValue(std::move(list));
}

Result<ParamValue> checkReals(std::string_view owner, const Param& p, const ParamValue& value) {
    ParamValue::RealList list;
    if (const auto* r = value.asReals())
        list = *r;
    else if (const auto* i = value.asInts())
        list.assign(i->begin(), i->end());
    else if (const auto* one = value.asReal())
        list = {*one};
    else if (const auto* whole = value.asInt())
        list = {static_cast<double>(*whole)};
    else
        return wrong(owner, p, value, said("must be a list of numbers"));
    for (const double v : list) {
        if (const std::string rule = brokenRule(p, v); !rule.empty()) return wrong(owner, p, value, rule);
    }
    return ParamValue(std::move(list));
}

Result<ParamValue> checkChoice(std::string_view owner, const Param& p, const ParamValue& value) {
    const std::string* text = value.asText();
    if (text != nullptr && std::ranges::find(p.choices, *text) != p.choices.end()) return value;
    return wrong(owner, p, value, said("must be one of: {}", fmt::join(p.choices, ", ")));
}

Result<ParamValue> checkObject(std::string_view owner, const Param& p, const ParamValue& value) {
    const SchemaFamily& family = p.family();
    TypedParams object;
    if (const auto* o = value.asObject())
        object = *o;
    else if (const auto* t = value.asText())
        object.id = *t;
    const Schema* schema = family.find(object.id);
    if (schema == nullptr) {
        std::vector<std::string> ids;
        for (const Schema* s : family.members)
            ids.push_back(s->id);
        return wrong(owner, p, value,
                     said("is no known {}; known are: {}", family.name, fmt::join(ids, ", ")));
    }
    Result<ParamMap> params = schema->check(object.params);
    if (!params)
        return failure(params.error().id, fmt::format("{}: {}: {}", owner, p.key, params.error().message));
    return ParamValue(TypedParams{schema->id, std::move(*params)});
}

} // namespace

const Schema* SchemaFamily::find(std::string_view id) const {
    const auto it = std::ranges::find_if(members, [&](const Schema* s) { return s->id == id; });
    return it == members.end() ? nullptr : *it;
}

const Param* Schema::find(std::string_view key) const {
    const auto it = std::ranges::find_if(params, [&](const Param& p) { return p.key == key; });
    return it == params.end() ? nullptr : &*it;
}

ParamMap Schema::defaults() const {
    ParamMap map;
    for (const Param& p : params)
        map[p.key] = p.defaultValue;
    return map;
}

Result<ParamValue> checkParam(std::string_view owner, const Param& param, const ParamValue& value) {
    if (value.isNull()) {
        if (param.optional) return value;
        if (!param.defaultValue.isNull()) return wrong(owner, param, value, said("must not be None; its default is {}", param.defaultValue.text()));
        return wrong(owner, param, value, said("is missing; it has no default"));
    }
    switch (param.kind) {
    case ParamKind::Bool:
        if (value.asBool()) return value;
        if (const auto* i = value.asInt(); i && (*i == 0 || *i == 1)) return ParamValue(*i == 1);
        return wrong(owner, param, value, said("must be True or False"));
    case ParamKind::Int:
        return checkInt(owner, param, value);
    case ParamKind::Real:
        return checkReal(owner, param, value);
    case ParamKind::Text:
        if (value.asText()) return value;
        return wrong(owner, param, value, said("must be a text"));
    case ParamKind::Choice:
        return checkChoice(owner, param, value);
    case ParamKind::IntTuple:
        return checkTuple(owner, param, value);
    case ParamKind::RealList:
        return checkReals(owner, param, value);
    case ParamKind::Object:
        return checkObject(owner, param, value);
    }
    return wrong(owner, param, value, said("has an unknown kind"));
}

Result<ParamMap> Schema::check(const ParamMap& given) const {
    for (const auto& [key, value] : given) {
        if (find(key) != nullptr) continue;
        std::vector<std::string> keys;
        for (const Param& p : params)
            keys.push_back(p.key);
        return failure("param.unknown", said("{}: there is no parameter {}; there are: {}", id, key,
                                             fmt::join(keys, ", ")));
    }
    ParamMap out;
    for (const Param& p : params) {
        const auto it = given.find(p.key);
        Result<ParamValue> value = checkParam(id, p, it == given.end() ? p.defaultValue : it->second);
        if (!value) return value.error();
        out[p.key] = std::move(*value);
    }
    return out;
}

} // namespace strata
