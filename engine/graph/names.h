// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

namespace strata {

/// In bytes of UTF-8: what a drawing holds and its file has room for. ModelGraph shortens what is longer.
constexpr std::size_t kLongestName = 200; ///< of a layer's name and of a title
constexpr std::size_t kLongestNote = 20'000;

/// May this layer be called so? The error is a sentence for the person who typed the name.
Result<> checkName(const ModelGraph& graph, NodeId layer, std::string_view name);
/// Of a frame or a block, which may also have none.
Result<> checkTitle(std::string_view title);

/// The beginning of a text, at most so many bytes, its last letter whole.
std::string shortened(std::string_view text, std::size_t most = kLongestName);

} // namespace strata
