// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/problem_text.h"

#include "engine/core/said.h"

#include <cctype>
#include <fmt/format.h>

namespace strata {

Problem problemAt(const Node& node, const Error& error, Severity severity) {
    std::string sentence = error.message;
    // The schema speaks for itself ("Conv2D: filters = 0 must be ..."); the place says that better.
    const std::string owner = node.type + ": ";
    if (sentence.starts_with(owner)) sentence.erase(0, owner.size());
    while (sentence.ends_with('.'))
        sentence.pop_back();
    std::string shortText = sentence.substr(0, sentence.find(';')) + ".";
    shortText[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(shortText[0])));
    return {.id = error.id,
            .node = node.id,
            .severity = severity,
            .shortText = std::move(shortText),
            .text = fmt::format("{}: {}.", placeText(node), sentence)};
}

std::string placeText(const Node& node) {
    const LayerType* type = findLayerType(node.type);
    const std::string title = type == nullptr || type->schema.label.empty() ? node.type : saidWord(type->schema.label);
    return fmt::format("{} \"{}\"", title, node.name);
}

} // namespace strata
