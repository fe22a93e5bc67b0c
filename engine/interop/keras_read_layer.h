// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/shape.h"
#include "engine/graph/model_graph.h"

#include <nlohmann/json_fwd.hpp>
#include <optional>

namespace strata::keras {

struct ReadLayer {
    Node node; ///< without id and wires
    /// The file names an axis where Strata's layer always works along the last one: to be checked once the
    /// input's rank is known (the batch is axis 0).
    std::optional<std::int64_t> mustBeLastAxis;
};

/// One call of a layer. `className` and `config` are the file's; the name is made fit for a drawing. Errors
/// name the layer and what Strata lacks; `remarks` says what was left out.
Result<ReadLayer> readLayer(const std::string& className, const std::string& name,
                            const nlohmann::json& config, std::vector<std::string>& remarks);

/// The card of an InputLayer, or of the shape that old Sequential models keep in their first layer.
Result<Node> readInput(const std::string& name, const nlohmann::json& config);

/// batch_shape (Keras 3), batch_input_shape (Keras 2), or null.
const nlohmann::json& batchShapeOf(const nlohmann::json& config);

/// "/" may not stand in a layer's name.
std::string cardName(std::string_view kerasName);

/// `Layer "conv" (Conv2D)`: how messages begin.
std::string placeOf(std::string_view name, std::string_view className);

} // namespace strata::keras
