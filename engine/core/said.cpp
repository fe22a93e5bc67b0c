// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/said.h"

#include <atomic>
#include <charconv>
#include <fmt/format.h>
#include <optional>
#include <set>

namespace strata {
namespace {

std::atomic<PatternTranslator> theTranslator = nullptr;

/// The numbers of the arguments that a pattern shows; none when it is no pattern of ours (a width taken from an argument).
std::optional<std::set<int>> argumentsOf(std::string_view pattern) {
    std::set<int> out;
    int next = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '{' && pattern[i] != '}') continue;
        if (i + 1 < pattern.size() && pattern[i + 1] == pattern[i]) {
            ++i;
            continue;
        }
        const std::size_t end = pattern.find('}', i);
        if (pattern[i] == '}' || end == std::string_view::npos) return {};
        const std::string_view field = pattern.substr(i + 1, end - i - 1);
        if (field.find('{') != std::string_view::npos) return {};
        int number = next;
        if (field.empty() || field.front() == ':') ++next;
        else if (std::from_chars(field.data(), field.data() + field.size(), number).ec != std::errc()) return {};
        out.insert(number);
        i = end;
    }
    return out;
}

} // namespace

void setPatternTranslator(PatternTranslator translator) {
    theTranslator = translator;
}

std::string saidWith(fmt::string_view english, fmt::format_args arguments) {
    if (const PatternTranslator translator = theTranslator) {
        const std::string_view pattern(english.data(), english.size());
        const std::string other = translator(pattern);
        if (!other.empty() && argumentsOf(other) == argumentsOf(pattern)) {
            try {
                return fmt::vformat(other, arguments);
            } catch (const fmt::format_error&) {
                return fmt::vformat(english, arguments); // "{:.1f}" where a text stands
            }
        }
    }
    return fmt::vformat(english, arguments);
}

std::string saidWord(std::string_view english) {
    const PatternTranslator translator = theTranslator;
    std::string other = translator == nullptr ? std::string() : translator(english);
    return other.empty() ? std::string(english) : other;
}

} // namespace strata
