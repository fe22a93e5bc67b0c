// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/closest_word.h"

#include "engine/core/lower_case.h"
#include "engine/core/said.h"

#include <algorithm>
#include <vector>

namespace strata {
namespace {

constexpr std::size_t kLongest = 64; ///< longer words are no slips

/// Optimal string alignment: Levenshtein's distance with swapped neighbours as one step.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[a.size()][b.size()];
}

/// "--val-split" in "val", "split".
std::vector<std::string> partsOf(std::string_view word) {
    std::vector<std::string> parts(1);
    for (const char c : lowerCase(word)) {
        if (c != '-' && c != '_') parts.back() += c;
        else if (!parts.back().empty()) parts.emplace_back();
    }
    return parts;
}

/// "val-split" is short for "validation-split", "lr" for "learning-rate".
bool isShortFor(const std::vector<std::string>& typed, const std::vector<std::string>& whole) {
    if (typed.size() == 1 && typed[0].size() == whole.size() && whole.size() > 1)
        return std::ranges::equal(typed[0], whole, [](char c, const std::string& part) { return part.starts_with(c); });
    return typed.size() > 1 && std::ranges::equal(typed, whole, [](const std::string& a, const std::string& b) { return b.starts_with(a); });
}

} // namespace

std::string bareWord(std::string_view word) {
    std::string out = lowerCase(word);
    std::erase(out, '_');
    return out;
}

std::string closestWord(std::string_view word, std::span<const std::string> among) {
    if (word.empty() || word.size() > kLongest) return {};
    const std::string typed = bareWord(word);
    std::string best;
    std::size_t least = std::max<std::size_t>(1, typed.size() / 3) + 1;
    for (const std::string& candidate : among) {
        if (candidate.size() > kLongest) continue;
        const std::size_t steps = distance(typed, bareWord(candidate));
        if (steps >= least) continue;
        least = steps;
        best = candidate;
    }
    if (!best.empty()) return best;
    const std::vector<std::string> parts = partsOf(word);
    const auto meant = std::ranges::find_if(among, [&](const std::string& candidate) {
        const std::string bare = bareWord(candidate);
        constexpr std::size_t telling = 3; // letters without the dashes of an option
        const std::size_t dashes = typed.starts_with("--") ? 2 : 0;
        const bool begins = typed.size() >= telling && bare.starts_with(typed);
        const bool goesOn = bare.size() >= telling + dashes && typed.starts_with(bare);
        return begins || goesOn || isShortFor(parts, partsOf(candidate));
    });
    return meant == among.end() ? std::string() : *meant;
}

std::string didYouMean(std::string_view word, std::span<const std::string> among) {
    const std::string meant = closestWord(word, among);
    return meant.empty() ? std::string() : said(" Did you mean {}?", meant);
}

} // namespace strata
