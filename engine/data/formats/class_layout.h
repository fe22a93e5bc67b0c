// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.h"

namespace strata {

/// What a list of file names says about parts and classes.
struct ClassLayout {
    struct Sample {
        std::size_t file = 0; // index into the list
        std::int32_t label = 0;
    };
    std::vector<std::string> classNames; // alphabetical
    /// Training and test; the test part may be empty. Each goes evenly through the classes.
    std::array<std::vector<Sample>, 2> parts;
    /// For the description, e.g. that a part was left out; else empty.
    std::string note;
};

/// Does the name end like a picture's (.png, .jpg, ...) and not begin with a dot?
bool isPictureName(const std::string& fileName);

/// `files` are relative, with "/". Fails when there are no pictures, no class folders, or a single class.
Result<ClassLayout> classLayout(const std::vector<std::string>& files, const std::string& place);

} // namespace strata
