// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/number_words.h"

#include "engine/core/closest_word.h"
#include "engine/core/number_text.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <limits>
#include <optional>
#include <string>

namespace strata::cli {
namespace {

/// Empty: the word is no such number, or has something behind it.
template <class Number>
std::optional<Number> numberIn(const std::string& word) {
    Number number{};
    const char* end = word.data() + word.size();
    const auto [at, error] = std::from_chars(word.data(), end, number);
    if (error != std::errc() || at != end) return {};
    return number;
}

} // namespace

CLI::Validator wholeSeed() {
    return CLI::Validator(
        [](const std::string& word) {
            return numberIn<std::uint64_t>(word)
                       ? std::string()
                       : fmt::format("{}: a seed is a whole number from 0 to {}", word, std::numeric_limits<std::uint64_t>::max());
        },
        "", "seed");
}

CLI::Validator wholeNumber(std::int64_t least, std::int64_t most) {
    return CLI::Validator(
        [=](const std::string& word) {
            const std::optional<std::int64_t> number = numberIn<std::int64_t>(word);
            if (number && *number >= least && *number <= most) return std::string();
            const char* rule = number ? "it must lie from" : "write a whole number from";
            return fmt::format("{}: {} {} to {}", word, rule, grouped(least), grouped(most));
        },
        fmt::format("INT in [{} - {}]", least, most), "whole number");
}

CLI::Validator numberWithin(double least, double most) {
    return CLI::Validator(
        [=](const std::string& word) {
            const std::optional<double> number = numberIn<double>(word);
            if (number && *number >= least && *number <= most) return std::string();
            return fmt::format("{}: {} {} to {}", word, number ? "it must lie from" : "write a number from", least, most);
        },
        fmt::format("FLOAT in [{} - {}]", least, most), "number");
}

CLI::Validator oneOf(std::vector<std::string> words) {
    const std::string list = fmt::format("{}", fmt::join(words, ","));
    return CLI::Validator(
        [words = std::move(words)](std::string& word) {
            if (std::ranges::find(words, word) != words.end()) return std::string();
            return fmt::format("{} is none of {}.{}", word, fmt::join(words, ", "), didYouMean(word, words));
        },
        "{" + list + "}");
}

} // namespace strata::cli
