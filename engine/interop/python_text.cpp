// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/python_text.h"

#include "engine/interop/keras_objects.h"
#include "engine/interop/keras_tables.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace strata::python {
namespace {

constexpr std::size_t kLineLength = 100;

/// An object as Keras writes it in a file is a call of its class here.
std::string objectText(const Param& param, const TypedParams& object) {
    const SchemaFamily& family = param.family();
    const Schema* schema = family.find(object.id);
    if (schema == nullptr) return "None";
    // A family of one has no class: its parameters are a dictionary.
    if (family.members.size() == 1) return literal(keras::toKeras(param, ParamValue(object)));
    return call(fmt::format("keras.{}s", family.name), *schema, object.params);
}

} // namespace

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) < 0x20) out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
        else out += c;
    }
    return out + '"';
}

std::string literal(const nlohmann::ordered_json& value) {
    if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
    if (value.is_string()) return quoted(value.get<std::string>());
    if (value.is_number_float()) return fmt::format("{}", value.get<double>());
    if (value.is_number()) return value.dump();
    std::vector<std::string> parts;
    if (value.is_object()) {
        for (const auto& [key, each] : value.items())
            parts.push_back(quoted(key) + ": " + literal(each));
        return fmt::format("{{{}}}", fmt::join(parts, ", "));
    }
    if (!value.is_array()) return "None";
    for (const auto& each : value)
        parts.push_back(literal(each));
    return fmt::format("({}{})", fmt::join(parts, ", "), parts.size() == 1 ? "," : "");
}

std::vector<std::string> arguments(const Schema& schema, const ParamMap& checked) {
    const nlohmann::ordered_json all = keras::toKeras(schema, checked);
    std::vector<std::string> out;
    for (const Param& param : schema.params) {
        const ParamValue& value = checked.at(param.key);
        if (value == param.defaultValue && !keras::hasNoDefault(schema, param.key)) continue;
        const TypedParams* object = value.asObject();
        out.push_back(param.key + "=" + (object != nullptr ? objectText(param, *object) : literal(all.at(param.key))));
    }
    return out;
}

std::string call(const std::string& module, const Schema& schema, const ParamMap& params,
                 const std::vector<std::string>& more, const std::set<std::string>& instead) {
    const Result<ParamMap> checked = schema.check(params);
    std::vector<std::string> all = more;
    if (checked) {
        for (std::string& each : arguments(schema, *checked)) {
            if (!instead.contains(each.substr(0, each.find('=')))) all.push_back(std::move(each));
        }
    }
    return fmt::format("{}.{}({})", module, schema.id, fmt::join(all, ", "));
}

std::string callText(const std::string& head, const std::vector<std::string>& arguments, std::size_t indent) {
    const std::string one = fmt::format("{}({})", head, fmt::join(arguments, ", "));
    if (indent + one.size() <= kLineLength) return one;
    std::string out = head + "(\n";
    for (const std::string& each : arguments)
        out += std::string(indent + 4, ' ') + each + ",\n";
    return out + std::string(indent, ' ') + ")";
}

std::string Names::make(const std::string& wanted) {
    constexpr std::array keywords = {"False",  "None",   "True",  "and",   "as",   "assert", "async",  "await",    "break",
                                     "class",  "continue", "def", "del",   "elif", "else",   "except", "finally",  "for",
                                     "from",   "global", "if",    "import", "in",  "is",     "lambda", "nonlocal", "not",
                                     "or",     "pass",   "raise", "return", "try", "while",  "with",   "yield"};
    std::string name;
    for (const char c : wanted)
        name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0) name.insert(0, "_");
    if (std::ranges::find(keywords, name) != keywords.end()) name += '_';
    std::string unique = name;
    for (int number = 2; !m_taken.insert(unique).second; ++number)
        unique = fmt::format("{}_{}", name, number);
    return unique;
}

} // namespace strata::python
