// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/layout.h"

#include <set>

namespace strata {

/// How far the cards of a part are to be moved together to lie on no other card and in no frame that is not theirs: a
/// little up or down where that is enough, so that nothing gets before what feeds it, else to a side.
Point wayClear(const ModelGraph& graph, const std::set<NodeId>& part, const LayoutOptions& options);

} // namespace strata
