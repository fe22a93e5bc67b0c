// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"

#include <nlohmann/json_fwd.hpp>

namespace strata {

struct SummaryOptions {
    std::string modelName = "functional";
    int columns = 80;       ///< of the terminal
    bool showInputs = true; ///< Keras leaves the InputLayer of a Sequential model out
};

/// What Keras 3 prints for model.summary(): Layer (type), Output Shape, Param #, for a graph with branches
/// also Connected to; then the totals. Layers without a shape show "?". Mistakes are not part of it:
/// report.problems.
std::string summaryText(const ModelGraph& graph, const GraphReport& report,
                        const SummaryOptions& options = {});

/// The same for programs: {"name", "layers": [{"name", "type", "output_shape", "params", "trainable_params",
/// "macs", "connected_to"}], "total_params", "trainable_params", "non_trainable_params", "macs",
/// "receptive_field", "problems": [{"severity", "id", "layer", "text"}]}. Shapes have the batch first, as
/// null; a receptive field is null where the output sees everything.
nlohmann::json summaryJson(const ModelGraph& graph, const GraphReport& report,
                           const SummaryOptions& options = {});

} // namespace strata
