// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

#include <span>
#include <string>

namespace strata::ui::edits {

/// A frame or block around cards; what stands close to it moves away.
GroupId groupCards(ModelGraph& graph, std::span<const NodeId> nodes, const std::string& title, bool block);

/// The frame whose cards are just these, or 0: it becomes a block where it stands and keeps its title.
GroupId frameOf(const ModelGraph& graph, std::span<const NodeId> nodes);
void makeBlock(ModelGraph& graph, GroupId frame);

/// Folds a block or opens it; what stands below comes up, or goes down to make room.
void setFolded(ModelGraph& graph, GroupId id, bool folded);

} // namespace strata::ui::edits
