// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace strata {

/// One weight array as it leaves the trainer or a file.
struct WeightArray {
    std::string name;               ///< Keras's: "kernel"
    std::vector<std::int64_t> dims; ///< Keras's layout, row-major
    std::vector<float> values;
    bool operator==(const WeightArray&) const = default;
};

/// A snapshot of all weights of a drawing, keyed by node; a node's arrays are in Keras's get_weights() order.
/// Weights that belong to no present node may be in it (they come back when the deletion is undone).
struct Weights {
    std::map<NodeId, std::vector<WeightArray>> nodes;
    const std::vector<WeightArray>* find(NodeId id) const;
    std::int64_t count() const;
    /// FNV-1a over names, shapes and bits, in order of the node ids: equal hashes mean equal bits.
    std::uint64_t fingerprint() const;
    bool operator==(const Weights&) const = default;
};

} // namespace strata
