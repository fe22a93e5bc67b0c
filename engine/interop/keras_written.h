// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

#include <nlohmann/json_fwd.hpp>

/// Each kind of thing as Keras writes it into config.json: {"module", "class_name", "config", "registered_name"}.
namespace strata::keras {

/// Without what depends on its place in the drawing (inbound_nodes, build_config). requires: a layer other than Input,
/// with parameters that its schema takes
nlohmann::ordered_json layerObject(const Node& node);
/// Null for what Strata does not know, or with parameters that do not fit.
nlohmann::ordered_json lossObject(const TypedParams& loss);
nlohmann::ordered_json optimizerObject(const TypedParams& optimizer);
/// Null also for schedules that Keras does not have.
nlohmann::ordered_json scheduleObject(const TypedParams& schedule);

} // namespace strata::keras
