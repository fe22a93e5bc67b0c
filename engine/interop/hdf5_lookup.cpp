// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interop/hdf5_lookup.h"

namespace strata {

const H5Node* H5Lookup::child(const H5Node& node, std::string_view name) {
    const auto [names, isNew] = m_names.try_emplace(&node);
    if (isNew) {
        for (const H5Node& child : node.children) names->second.emplace(child.name, &child);
    }
    const auto it = names->second.find(name);
    return it == names->second.end() ? nullptr : it->second;
}

const H5Node* H5Lookup::find(const H5Node& from, std::string_view path) {
    const H5Node* node = &from;
    while (node != nullptr && !path.empty()) {
        const std::size_t slash = path.find('/');
        const std::string_view head = path.substr(0, slash);
        if (!head.empty()) node = child(*node, head);
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    return node;
}

std::vector<const H5Node*> H5Lookup::numbered(const H5Node& node) {
    std::vector<const H5Node*> out;
    for (std::size_t k = 0;; ++k) {
        const H5Node* one = child(node, std::to_string(k));
        if (one == nullptr || !one->dataset) return out;
        out.push_back(one);
    }
}

} // namespace strata
