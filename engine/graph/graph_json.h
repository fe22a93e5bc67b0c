// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

#include <map>
#include <nlohmann/json_fwd.hpp>

namespace strata {

/// Strata's own JSON of a drawing, finished or not: {"nodes": [...], "edges": [[from, to, slot], ...]}.
nlohmann::json toJson(const ModelGraph& graph);
/// Any JSON gives a graph without loops or an error that names the place.
Result<ModelGraph> graphFromJson(const nlohmann::json& json);

/// What was mended in a drawing that would have been refused otherwise.
struct DrawingMends {
    std::vector<std::string> remarks;
    std::map<NodeId, NodeId> renumbered; ///< cards whose number no card may have
};
/// The same, with as much of a damaged drawing as cards and wires leave: groups, notes and bends that cannot be are left
/// out, numbers out of range are given anew, what is off the canvas is put at its edge.
Result<ModelGraph> graphFromJson(const nlohmann::json& json, DrawingMends& mends);

} // namespace strata
