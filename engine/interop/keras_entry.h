// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"
#include "engine/interop/keras_calls.h"
#include "engine/interop/keras_read_layer.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace strata::keras {

/// One entry of config.layers while its calls are being resolved.
struct Entry {
    /// Which output of which call of which entry a call reads.
    struct Source {
        std::size_t entry = 0, call = 0, tensor = 0;
    };
    std::string name, className;
    const nlohmann::json* whole = nullptr;
    const nlohmann::json* config = nullptr;
    std::vector<std::vector<Source>> calls;
    std::vector<std::optional<std::vector<NodeId>>> results; ///< a call's outputs, once known

    std::string place() const { return placeOf(name, className); }
};

// The largest models of keras.applications have some 1,000 layers and 1,100 wires.
inline constexpr std::size_t kMaxCards = 10000;
inline constexpr std::size_t kMaxWires = 40000;

} // namespace strata::keras
