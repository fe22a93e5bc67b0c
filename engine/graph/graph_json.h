// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

#include <nlohmann/json_fwd.hpp>

namespace strata {

/// Strata's own JSON of a drawing, finished or not: {"nodes": [...], "edges": [[from, to, slot], ...]}.
nlohmann::json toJson(const ModelGraph& graph);
/// Any JSON gives a graph without loops or an error that names the place.
Result<ModelGraph> graphFromJson(const nlohmann::json& json);

} // namespace strata
