// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/foreign_json.h"

#include "engine/core/said.h"
#include "engine/schema/param_json.h"

#include <nlohmann/json.hpp>

namespace strata {
namespace {

using Json = nlohmann::json;

/// A value in memory takes eight times its text in the worst case; the largest models of Keras have 2 MB.
constexpr std::size_t kMaxBytes = std::size_t{32} << 20;
/// Copying, writing and destroying a value recurse; models of Keras are some 12 deep.
constexpr int kMaxDepth = 128;

/// As much of a foreign text as a message shows.
constexpr std::size_t kShownBytes = 80;

/// How deep the brackets are nested, without regard to whether the rest is JSON.
int depthOf(std::string_view text) {
    int depth = 0;
    int deepest = 0;
    bool inText = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (inText) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inText = false;
        } else if (c == '"') {
            inText = true;
        } else if (c == '[' || c == '{') {
            deepest = std::max(deepest, ++depth);
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return deepest;
}

} // namespace

Result<Json> parseForeignJson(std::string_view text, std::string_view place) {
    if (text.size() > kMaxBytes) {
        return failure("json.too_large", said("{} has {} MB of text; Strata reads at most {} MB.",
                                              place, text.size() >> 20, kMaxBytes >> 20));
    }
    if (depthOf(text) > kMaxDepth) {
        return failure("json.too_deep",
                       said("{} is nested more than {} deep; no model is.", place, kMaxDepth));
    }
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded())
        return failure("json.invalid", said("{} is damaged: it is no valid JSON.", place));
    return json;
}

const Json& memberOf(const Json& object, std::string_view key) {
    static const Json null;
    if (!object.is_object()) return null;
    const auto it = object.find(key);
    return it == object.end() ? null : *it;
}

std::string textOf(const Json& object, std::string_view key, std::string_view otherwise) {
    const Json& value = memberOf(object, key);
    return value.is_string() ? value.get<std::string>() : std::string(otherwise);
}

double realOf(const Json& object, std::string_view key, double otherwise) {
    const Json& v = memberOf(object, key);
    return v.is_number() ? v.get<double>() : otherwise;
}

std::int64_t intOf(const Json& object, std::string_view key, std::int64_t otherwise, std::int64_t low, std::int64_t high) {
    const std::optional<std::int64_t> v = wholeFrom(memberOf(object, key));
    return v && *v >= low && *v <= high ? *v : otherwise;
}

bool boolOf(const Json& object, std::string_view key, bool otherwise) {
    const Json& v = memberOf(object, key);
    return v.is_boolean() ? v.get<bool>() : otherwise;
}

std::string shortText(std::string_view text) {
    if (text.size() <= kShownBytes) return std::string(text);
    std::size_t end = kShownBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end; // not within a letter of UTF-8
    return std::string(text.substr(0, end)) + "...";
}

std::string shortJson(const Json& value) {
    if (value.is_structured() && value.size() > kShownBytes) return value.is_array() ? "[...]" : "{...}";
    return shortText(value.dump(-1, ' ', true, Json::error_handler_t::replace));
}

std::string jsonText(const nlohmann::ordered_json& value) {
    return value.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace strata
