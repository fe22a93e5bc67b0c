// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace strata {

/// "356,810", "-1,290": a comma every three digits, as Keras and the cards write numbers.
std::string grouped(std::int64_t number);

/// A bound or a setting for people: "16,777,216", "0.0000001"; never in powers of ten.
std::string plainNumber(double number);

/// A size for people, in powers of 1000: "812 bytes", "47 MB".
std::string byteText(std::uint64_t bytes);

/// A size as Keras's summary writes it, in steps of 1,024: "896.00 B", "1.36 MB".
std::string kerasByteText(std::int64_t bytes);

/// "3 × 3 × 16": sizes in a sentence.
std::string sizesText(std::span<const std::int64_t> sizes);

} // namespace strata
