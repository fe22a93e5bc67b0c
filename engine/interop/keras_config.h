// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"
#include "engine/training/settings.h"

#include <optional>
#include <string>
#include <vector>

namespace strata {

/// config.json of a `.keras` file: a Sequential where the drawing is a chain, else a Functional model.
/// Errors: the drawing's first problem (an unfinished drawing has no Keras config).
Result<std::string> kerasConfig(const ModelGraph& graph, const std::string& name,
                                const TrainingSettings* compiled);

struct KerasModel {
    ModelGraph graph;
    std::string name;
    std::optional<TypedParams> optimizer, loss; ///< from compile_config
    std::vector<std::string> remarks;
};
/// Reads config.json (Keras 3), or a Keras 2 model_config. Errors name the layer and what Strata lacks.
Result<KerasModel> graphFromKeras(const std::string& json);

} // namespace strata
