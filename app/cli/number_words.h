// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace strata::cli {

/// A whole number, 0 to 2^64 - 1.
CLI::Validator wholeSeed();
/// A whole number from `least` to `most`; says which rule a word breaks: it is no whole number, or lies outside.
CLI::Validator wholeNumber(std::int64_t least, std::int64_t most);
/// Any number from `least` to `most`.
CLI::Validator numberWithin(double least, double most);

/// One of a few words; says which there are, and which of them was meant perhaps.
CLI::Validator oneOf(std::vector<std::string> words);

} // namespace strata::cli
