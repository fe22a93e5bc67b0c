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
    if (!best.empty() || typed.size() < 3) return best;
    const auto begins = std::ranges::find_if(among, [&](const std::string& candidate) { return bareWord(candidate).starts_with(typed); });
    return begins == among.end() ? std::string() : *begins;
}

std::string didYouMean(std::string_view word, std::span<const std::string> among) {
    const std::string meant = closestWord(word, among);
    return meant.empty() ? std::string() : said(" Did you mean {}?", meant);
}

} // namespace strata
