// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/schema/param_words.h"

#include "engine/core/closest_word.h"
#include "engine/core/said.h"

#include <algorithm>
#include <charconv>
#include <fmt/ranges.h>
#include <optional>

namespace strata {
namespace {

template <class Number>
std::optional<Number> numberIn(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// At commas that stand in no bracket.
std::vector<std::string_view> parted(std::string_view text) {
    std::vector<std::string_view> out;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && (text[i] == '[' || text[i] == '(')) ++depth;
        if (i < text.size() && (text[i] == ']' || text[i] == ')')) --depth;
        if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
        const std::string_view part = trimmed(text.substr(begin, i - begin));
        if (!part.empty()) out.push_back(part);
        begin = i + 1;
    }
    return out;
}

/// Null where a bracket has no partner.
std::optional<std::vector<std::string_view>> listIn(std::string_view text) {
    const bool square = text.starts_with('['), round = text.starts_with('(');
    if ((square && !text.ends_with(']')) || (round && !text.ends_with(')'))) return std::nullopt;
    if (square || round) text = text.substr(1, text.size() - 2);
    return parted(text);
}

template <class Number>
std::optional<ParamValue> numbersIn(std::string_view text) {
    std::vector<Number> out;
    const auto parts = listIn(text);
    if (!parts) return std::nullopt;
    for (const std::string_view part : *parts) {
        const std::optional<Number> value = numberIn<Number>(part);
        if (!value) return std::nullopt;
        out.push_back(*value);
    }
    return ParamValue(std::move(out));
}

std::optional<ParamValue> boolIn(std::string_view text) {
    for (const char* yes : {"true", "True", "yes", "on", "1"})
        if (text == yes) return ParamValue(true);
    for (const char* no : {"false", "False", "no", "off", "0"})
        if (text == no) return ParamValue(false);
    return std::nullopt;
}

/// Null where it is of another kind.
std::optional<ParamValue> valueIn(const Param& param, std::string_view text) {
    if (param.optional && (text == "None" || text == "none" || text.empty())) return ParamValue();
    const auto lone = [](const auto& number) {
        return number ? std::optional<ParamValue>(*number) : std::nullopt;
    };
    switch (param.kind) {
    case ParamKind::Bool: return boolIn(text);
    case ParamKind::Int: return lone(numberIn<std::int64_t>(text));
    case ParamKind::Real: return lone(numberIn<double>(text));
    case ParamKind::Text:
    case ParamKind::Choice: return ParamValue(std::string(text));
    case ParamKind::IntTuple: return numbersIn<std::int64_t>(text);
    case ParamKind::RealList: return numbersIn<double>(text);
    case ParamKind::Object: return ParamValue(TypedParams{std::string(text), {}});
    }
    return std::nullopt;
}

std::string kindText(const Param& param) {
    switch (param.kind) {
    case ParamKind::Bool: return said("true or false");
    case ParamKind::Int: return said("a whole number");
    case ParamKind::Real: return said("a number");
    case ParamKind::IntTuple: return said("whole numbers in brackets, [3,3]");
    case ParamKind::RealList: return said("numbers in brackets, [0.1,0.01]");
    default: return said("a word");
    }
}

Error unknownKey(const Schema& schema, const std::string& key) {
    std::vector<std::string> keys;
    for (const Param& p : schema.params) keys.push_back(p.key);
    if (keys.empty()) return failure("words.key", said("{}: there is no option {}; it has no options.", schema.id, key));
    return failure("words.key", said("{}: there is no option {}; it has {}.{}", schema.id, key, fmt::join(keys, ", "), didYouMean(key, keys)));
}

} // namespace

WordParts wordParts(std::string_view word) {
    const std::size_t colon = word.find(':');
    if (colon == std::string_view::npos) return {std::string(trimmed(word)), {}};
    return {std::string(trimmed(word.substr(0, colon))), std::string(word.substr(colon + 1))};
}

Result<ParamMap> paramsFromWords(const Schema& schema, std::string_view words) {
    ParamMap out;
    for (const std::string_view part : parted(words)) {
        const std::size_t equals = part.find('=');
        const std::string key(trimmed(part.substr(0, equals)));
        const Param* param = schema.find(key);
        if (param == nullptr) return unknownKey(schema, key);
        const std::string_view text = equals == std::string_view::npos ? std::string_view() : trimmed(part.substr(equals + 1));
        const std::optional<ParamValue> value =
            equals == std::string_view::npos ? std::nullopt : valueIn(*param, text);
        if (!value) {
            return failure("words.value", said("{}: {}={} must be {}; write {}=VALUE.", schema.id, key, text,
                                               kindText(*param), key));
        }
        if (param->kind == ParamKind::Choice && std::ranges::find(param->choices, text) == param->choices.end()) {
            return failure("words.value", said("{}: {}={} must be one of {}.{}", schema.id, key, text, fmt::join(param->choices, ", "),
                                                      didYouMean(text, param->choices)));
        }
        out[key] = *value;
    }
    return out;
}

} // namespace strata
