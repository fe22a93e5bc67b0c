// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/keras_cases/keras_values.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <stdexcept>

namespace strata::keras_cases {
namespace {

double numberFrom(const Json& j) {
    if (j.is_number()) return j.get<double>();
    if (j.is_boolean()) return j.get<bool>() ? 1 : 0;
    if (j == "Infinity") return std::numeric_limits<double>::infinity();
    if (j == "-Infinity") return -std::numeric_limits<double>::infinity();
    return std::numeric_limits<double>::quiet_NaN();
}

template <class T>
std::string compare(const std::string& what, std::span<const T> got, const Array& expected, double relative,
                    double absolute) {
    if (got.size() != expected.data.size())
        return fmt::format("{} has {} values, not {}", what, got.size(), expected.data.size());
    double largest = 0;
    for (const double v : expected.data) {
        if (std::isfinite(v)) largest = std::max(largest, std::abs(v));
    }
    const double tolerance = relative * largest + absolute;
    double worst = 0;
    std::size_t where = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        const auto g = static_cast<double>(got[i]);
        const double e = expected.data[i];
        if (std::isnan(g) && std::isnan(e)) continue;
        if (std::isinf(e) || std::isinf(g) || std::isnan(g) || std::isnan(e)) {
            if (g == e) continue;
            return fmt::format("{}[{}] is {}, not {}", what, i, g, e);
        }
        if (std::abs(g - e) > worst) {
            worst = std::abs(g - e);
            where = i;
        }
    }
    if (worst <= tolerance) return {};
    return fmt::format("{}[{}] is {}, not {} (off by {:.3g}, allowed {:.3g})", what, where, got[where],
                       expected.data[where], worst, tolerance);
}

/// "GlorotUniform", "glorot_uniform" and "glorotuniform" are one.
std::string plain(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c != '_') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return out;
}

/// Options that Strata does not have but that say what Strata does anyway.
bool isNeutral(const std::string& key, const Json& value, const Json& config) {
    if (key == "name" || key == "dtype" || key == "trainable" || key == "renorm_momentum" ||
        key == "ema_momentum")
        return true;
    if (value.is_null()) return true;
    if (key == "data_format") return value == "channels_last";
    if (key == "axis") return value == -1;
    if (key == "groups") return value == 1;
    if (key == "reduction") return value == "sum_over_batch_size";
    if (key == "synchronized" || key == "renorm" || key == "rms_scaling" || key == "use_ema")
        return value == false;
    (void)config;
    return false;
}

bool flatten(const Json& j, std::vector<double>& out) {
    if (j.is_number()) {
        out.push_back(j.get<double>());
        return true;
    }
    if (j.is_null()) {
        out.push_back(-1);
        return true;
    }
    if (!j.is_array()) return false;
    return std::ranges::all_of(j, [&](const Json& inner) { return flatten(inner, out); });
}

ParamValue listFrom(const Json& j) {
    std::vector<double> values;
    if (!flatten(j, values)) return j.dump();
    const bool whole = std::ranges::all_of(values, [](double v) { return v == std::floor(v); });
    if (!whole) return values;
    return ParamValue::IntList(values.begin(), values.end());
}

ParamValue valueFrom(const Param& param, const Json& j, std::string& lacking) {
    if (j.is_null()) return {};
    if (param.kind == ParamKind::Object) {
        const TypedParams typed = typedFrom(param.family(), j, lacking);
        return typed;
    }
    if (j.is_boolean()) return j.get<bool>();
    if (j.is_number_integer()) return j.get<std::int64_t>();
    if (j.is_number()) return j.get<double>();
    if (j.is_array()) return listFrom(j);
    if (j.is_string() && param.key == "activation") {
        const std::string name = j.get<std::string>();
        if (name == "swish") return "silu";
        if (name == "hard_swish") return "hard_silu";
        if (std::ranges::find(param.choices, name) == param.choices.end()) lacking = "activation " + name;
        return name;
    }
    if (j.is_string()) {
        const std::string text = j.get<std::string>();
        if (param.kind == ParamKind::Choice &&
            std::ranges::find(param.choices, text) == param.choices.end()) {
            lacking = param.key + " = " + text;
        }
        return text;
    }
    lacking = param.key + " = " + j.dump();
    return {};
}

} // namespace

std::int64_t countOf(const std::vector<std::int64_t>& shape) {
    constexpr std::int64_t most = 100'000'000; // no case comes near it
    std::int64_t count = 1;
    for (const std::int64_t d : shape) {
        if (d < 0 || d > most || count * d > most) throw std::runtime_error(fmt::format("{} is no size of an array", d));
        count *= d;
    }
    return count;
}

Array arrayFrom(const Json& json) {
    Array a;
    a.shape = json.at("shape").get<std::vector<std::int64_t>>();
    for (const Json& v : json.at("data"))
        a.data.push_back(numberFrom(v));
    if (countOf(a.shape) != static_cast<std::int64_t>(a.data.size()))
        throw std::runtime_error(fmt::format("{} values do not fill the shape {}", a.data.size(), json["shape"].dump()));
    return a;
}

std::vector<float> floats(const Array& array) {
    std::vector<float> out;
    for (const double v : array.data)
        out.push_back(static_cast<float>(v));
    return out;
}

std::string difference(const std::string& what, std::span<const float> got, const Array& expected,
                       double relative, double absolute) {
    return compare(what, got, expected, relative, absolute);
}
std::string difference(const std::string& what, std::span<const double> got, const Array& expected,
                       double relative, double absolute) {
    return compare(what, got, expected, relative, absolute);
}

TypedParams typedFrom(const SchemaFamily& family, const Json& json, std::string& lacking) {
    // {"class_name", "config"}; in the arguments of constructors {"__obj__", "config"}.
    const char* const tag = json.is_object() && json.contains("class_name") ? "class_name" : "__obj__";
    const bool isObject = json.is_object() && json.contains(tag);
    const std::string name = isObject           ? json[tag].get<std::string>()
                             : json.is_string() ? json.get<std::string>()
                                                : json.dump();
    // A family of one has its parameters without a class.
    const bool bare = json.is_object() && !isObject && family.members.size() == 1;
    for (const Schema* s : family.members) {
        if (!bare && plain(s->id) != plain(name)) continue;
        Converted c;
        if (bare)
            c = convert(*s, json);
        else if (isObject && json.contains("config") && json["config"].is_object())
            c = convert(*s, json["config"]);
        if (!c.lacking.empty()) lacking = s->id + " " + c.lacking;
        const Result<ParamMap> full = s->check(c.params);
        if (!full) lacking = full.error().message;
        return {s->id, full ? *full : s->defaults()};
    }
    lacking = family.name + " " + name;
    return {};
}

Converted convert(const Schema& schema, const Json& config) {
    Converted out;
    for (const auto& [key, value] : config.items()) {
        const Param* param = schema.find(key);
        if (param == nullptr) {
            if (!isNeutral(key, value, config)) out.lacking = key + " = " + value.dump();
            continue;
        }
        std::string lacking;
        const ParamValue converted = valueFrom(*param, value, lacking);
        if (!lacking.empty()) {
            out.lacking = lacking;
            continue;
        }
        const Result<ParamValue> checked = checkParam(schema.id, *param, converted);
        if (checked)
            out.params[key] = *checked;
        else
            out.refused = checked.error().message;
    }
    return out;
}

Shape sampleShape(const Json& withBatch) {
    std::vector<std::int64_t> dims;
    for (std::size_t i = 1; i < withBatch.size(); ++i)
        dims.push_back(withBatch[i].is_null() ? Shape::kUnknown : withBatch[i].get<std::int64_t>());
    if (!withBatch.is_array() || withBatch.empty() || dims.size() > Shape::kMaxRank) throw std::runtime_error(withBatch.dump() + " is no shape");
    for (std::size_t i = 1; i < withBatch.size(); ++i) {
        if (!withBatch[i].is_null() && dims[i - 1] < 0) throw std::runtime_error(withBatch.dump() + " is no shape");
    }
    return Shape(dims);
}

} // namespace strata::keras_cases
