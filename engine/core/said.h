// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/core.h>
#include <string>
#include <string_view>

namespace strata {

/// The pattern in another language, from any thread; empty: there is none. The engine knows no language but English and
/// nobody who translates, so a window brings this. What it gives may name the places by number ("{1} of {0}").
using PatternTranslator = std::string (*)(std::string_view english);

/// None at first. What has been said before stays as it was.
void setPatternTranslator(PatternTranslator translator);

/// requires: `english` is a pattern of fmt for these arguments. A translation that leaves out an argument, asks for one
/// that is not there or formats it as something else gives way to the English pattern.
std::string saidWith(fmt::string_view english, fmt::format_args arguments);

/// fmt::format for sentences that people read: the pattern may be translated. The first argument is written out where it
/// is said, because the list of texts to translate is read from the sources.
template <class... Args>
std::string said(fmt::format_string<Args...> english, Args&&... args) {
    return saidWith(english, fmt::make_format_args(args...));
}

/// Marks a text for the list that is translated later: by saidWord(), or where a window shows it.
constexpr const char* toSay(const char* english) {
    return english;
}
/// The translation of a text without places, of one that toSay() marks.
std::string saidWord(std::string_view english);

} // namespace strata
