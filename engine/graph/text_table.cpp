// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/text_table.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>

namespace strata {
namespace {

using Lines = std::vector<std::string>;

std::size_t lengthOf(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string cut(std::string_view word, std::size_t width) {
    if (lengthOf(word) <= width) return std::string(word);
    std::size_t end = 0;
    for (std::size_t kept = 0; end < word.size(); ++end) {
        const bool begins = (static_cast<unsigned char>(word[end]) & 0xC0) != 0x80;
        if (begins && ++kept == width) break;
    }
    return std::string(word.substr(0, end)).append("…");
}

Lines wrap(std::string_view text, std::size_t width) {
    Lines lines{""};
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t used = lengthOf(lines.back());
        if (used == 0)
            lines.back() = word;
        else if (used + 1 + lengthOf(word) <= width)
            lines.back().append(1, ' ').append(word);
        else
            lines.emplace_back(word);
    }
    for (std::string& line : lines)
        line = cut(line, width);
    return lines;
}

std::string repeated(std::string_view piece, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i)
        out += piece;
    return out;
}

class Painter {
public:
    explicit Painter(const std::vector<TextColumn>& columns)
        : m_columns(columns) {}

    /// left, line, crossing, right
    void rule(const std::array<std::string_view, 4>& signs) {
        m_out += signs[0];
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            if (i > 0) m_out += signs[2];
            m_out += repeated(signs[1], m_columns[i].width);
        }
        m_out.append(signs[3]).append(1, '\n');
    }

    void row(const std::vector<std::string>& cells, std::string_view bar, bool fromBottom) {
        std::vector<Lines> wrapped;
        std::size_t height = 0;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            wrapped.push_back(wrap(cells[i], m_columns[i].width - 2));
            height = std::max(height, wrapped.back().size());
        }
        for (Lines& lines : wrapped) {
            lines.insert(fromBottom ? lines.begin() : lines.end(), height - lines.size(), std::string());
        }
        for (std::size_t y = 0; y < height; ++y) {
            for (std::size_t i = 0; i < wrapped.size(); ++i) {
                const std::string blanks(m_columns[i].width - 2 - lengthOf(wrapped[i][y]), ' ');
                m_out.append(bar)
                    .append(1, ' ')
                    .append(m_columns[i].right ? blanks + wrapped[i][y] : wrapped[i][y] + blanks)
                    .append(1, ' ');
            }
            m_out.append(bar).append(1, '\n');
        }
    }

    std::string take() { return std::move(m_out); }

private:
    const std::vector<TextColumn>& m_columns;
    std::string m_out;
};

} // namespace

std::string textTable(const std::vector<TextColumn>& columns,
                      const std::vector<std::vector<std::string>>& rows) {
    Painter p(columns);
    std::vector<std::string> titles;
    for (const TextColumn& c : columns) {
        assert(c.width > 2);
        titles.push_back(c.title);
    }
    p.rule({"┏", "━", "┳", "┓"});
    p.row(titles, "┃", true);
    p.rule({"┡", "━", "╇", "┩"});
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i > 0) p.rule({"├", "─", "┼", "┤"});
        p.row(rows[i], "│", false);
    }
    p.rule({"└", "─", "┴", "┘"});
    return p.take();
}

} // namespace strata
