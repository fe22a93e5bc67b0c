// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace strata {

/// An array as NumPy's .npy files hold it
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). Values come as float32 whatever
/// the file holds: exact for float32, bool, and integers up to 2^24, rounded for others.
struct NpyArray {
    std::vector<std::int64_t> dims; // empty for a scalar
    std::vector<float> values;      // in C order, also when the file was in Fortran order
    std::string dtype;              // as the file says, e.g. "<f4", "|u1"

    /// Whole numbers are most likely pixels 0..255 or labels.
    bool isInteger() const {
        return dtype.size() > 1 && (dtype[1] == 'i' || dtype[1] == 'u' || dtype[1] == 'b');
    }
};

/// Reads float16/32/64, bool and integers of 1 to 8 bytes, little- or big-endian, versions 1 to 3 of the
/// format. Refuses a shape that the file's own size does not bear out before taking memory for it. `name` is
/// for messages.
Result<NpyArray> parseNpy(std::span<const std::uint8_t> bytes, const std::string& name);
Result<NpyArray> readNpy(const std::string& path);

/// requires: the product of dims == values.size()
std::vector<std::uint8_t> npyBytes(std::span<const std::int64_t> dims, std::span<const float> values);
std::vector<std::uint8_t> npyBytes(std::span<const std::int64_t> dims, std::span<const std::int64_t> values);

/// Replaces the file as a whole or leaves it alone.
Result<> writeNpy(const std::string& path, std::span<const std::int64_t> dims, std::span<const float> values);
Result<> writeNpy(const std::string& path, std::span<const std::int64_t> dims,
                  std::span<const std::int64_t> values);

} // namespace strata
