// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace strata {

struct TextColumn {
    std::string title;
    std::size_t width = 0; ///< of the column with a blank on either side
    bool right = false;
};

/// A table in box characters with a heavy head and a line between rows, as Keras 3 prints one: cells are
/// wrapped at blanks, a word that is too long for its column ends in "…". UTF-8, one column of the terminal a
/// code point. requires: each row has one text a column; widths > 2
std::string textTable(const std::vector<TextColumn>& columns,
                      const std::vector<std::vector<std::string>>& rows);

} // namespace strata
