// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace strata {

/// What somebody who typed `word` most likely meant: the word of the fewest letters added, left out, changed or swapped
/// (a third of them at most), or one that begins so. Capitals and underscores do not count; empty: none is near.
std::string closestWord(std::string_view word, std::span<const std::string> among);

/// The word without capitals and underscores: early_stopping is EarlyStopping.
std::string bareWord(std::string_view word);

/// " Did you mean lenet?", to end a sentence with; empty when none is near.
std::string didYouMean(std::string_view word, std::span<const std::string> among);

} // namespace strata
