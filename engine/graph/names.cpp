// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/graph/names.h"

#include "engine/core/said.h"

namespace strata {
namespace {

Result<> checkLength(const char* what, std::string_view text) {
    if (text.size() <= kLongestName) return {};
    return failure("name.too_long",
                   said("{} of {} bytes is too long; the file has room for {} (a letter other than a to z takes 2 to 4).",
                        what, text.size(), kLongestName));
}

} // namespace

Result<> checkName(const ModelGraph& graph, NodeId layer, std::string_view name) {
    if (name.empty()) return failure("name.empty", said("A layer needs a name."));
    if (name.find('/') != std::string_view::npos)
        return failure("name.slash", said("A name must not contain \"/\": Keras uses it for layers within layers."));
    const Node* namesake = graph.findByName(name);
    if (namesake != nullptr && namesake->id != layer)
        return failure("name.taken", said("Another layer is called \"{}\" already; names are unique.", name));
    return checkLength("A name", name);
}

Result<> checkTitle(std::string_view title) {
    return checkLength("A title", title);
}

std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string(text);
    std::size_t end = most;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end; // within a letter
    return std::string(text.substr(0, end));
}

} // namespace strata
