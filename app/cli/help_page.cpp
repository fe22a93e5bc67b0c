// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/help_page.h"

#include "engine/core/number_text.h"

#include <cmath>
#include <fmt/format.h>

namespace strata::cli {
namespace {

std::string rangeText(const Param& p) {
    if (!p.choices.empty()) return fmt::format("one of {}", fmt::join(p.choices, ", "));
    const auto end = [](double v) { return std::isfinite(v) ? plainNumber(v) : std::string(); };
    if (std::isfinite(p.min) && std::isfinite(p.max)) return fmt::format("{} to {}", end(p.min), end(p.max));
    if (std::isfinite(p.min)) return fmt::format("{} {}", p.exclusiveMin ? "more than" : "at least", end(p.min));
    if (std::isfinite(p.max)) return fmt::format("at most {}", end(p.max));
    return {};
}

/// Breaks a paragraph into lines of at most `width` characters, each after `indent` spaces.
std::string wrapped(const std::string& text, std::size_t width, std::size_t indent) {
    const std::string margin(indent, ' ');
    std::string out = margin;
    std::size_t column = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (column > 0 && column + 1 + (end - at) > width) {
            out += "\n" + margin;
            column = 0;
        }
        if (column > 0) out += ' ';
        out += text.substr(at, end - at);
        column += (column > 0 ? 1 : 0) + end - at;
        at = end + 1;
    }
    return out;
}

} // namespace

std::string firstSentence(const std::string& text) {
    const std::size_t end = text.find(". ");
    return end == std::string::npos ? text : text.substr(0, end + 1);
}

void printSchema(const Schema& schema) {
    fmt::print("{}\n{}\n", schema.id, wrapped(schema.doc, 86, 2));
    if (!schema.reference.empty()) fmt::print("  See: {}\n", schema.reference);
    if (!schema.params.empty()) fmt::print("\nParameters\n");
    for (const Param& p : schema.params) {
        const std::string range = rangeText(p);
        fmt::print("  {} = {}{}\n{}\n", p.key, p.defaultValue.text(), range.empty() ? "" : "   (" + range + ")", wrapped(p.doc, 82, 6));
    }
}

} // namespace strata::cli
