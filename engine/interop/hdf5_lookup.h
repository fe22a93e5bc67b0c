// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/interop/hdf5_tree.h"

#include <unordered_map>
#include <vector>

namespace strata {

/// Finds nodes by name in a tree that nobody changes meanwhile. A foreign file may have 200,000 children in one group, and
/// a reader asks for each of them: every group's names are gone through once.
class H5Lookup {
public:
    const H5Node* child(const H5Node& node, std::string_view name);
    /// As H5Node::find().
    const H5Node* find(const H5Node& node, std::string_view path);
    /// The datasets "0", "1", "2", ... up to the first that is not there.
    std::vector<const H5Node*> numbered(const H5Node& node);

private:
    std::unordered_map<const H5Node*, std::unordered_map<std::string_view, const H5Node*>> m_names;
};

} // namespace strata
