// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace strata::keras {

/// Keras's "keras_history": an output of one call of a layer.
struct TensorRef {
    std::string layer;
    std::size_t call = 0;
    std::size_t tensor = 0;
};

/// The calls of a layer, each with the tensors it is given in order: of "inbound_nodes" as Keras 3 and Keras
/// 2 write it. The error says what a call has that Strata cannot draw (a number instead of a tensor), without
/// the place.
Result<std::vector<std::vector<TensorRef>>> readCalls(const nlohmann::json& inboundNodes);

/// "input_layers" and "output_layers": one triple, a list of triples, or named ones.
Result<std::vector<TensorRef>> readEnds(const nlohmann::json& ends);

} // namespace strata::keras
