// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/weights.h"

namespace strata {

enum class Carried {
    Kept,      ///< every array as it was
    Cut,       ///< arrays of another size: the part that both have was kept, the rest begins anew
    BegunAnew, ///< a new layer, one of another type, or arrays of another kind
};

/// What became of the weights of one card. `before` and `after` are the shapes of the first array that differs.
struct CarryNote {
    NodeId node = 0; ///< in the new drawing
    Carried carried = Carried::Kept;
    std::string array; ///< "kernel"; empty: none differs
    std::vector<std::int64_t> before, after;
    std::string text; ///< one sentence
};

struct CarriedWeights {
    Weights weights;
    std::vector<CarryNote> notes; ///< one for each card with weights, in the order of the drawing
};

/// Takes the weights of a network over to an edited drawing. A card is the same when it has the same number and
/// type, else when it has the same name and type. Of a cut kernel the middle of the window stays, and the first
/// channels. What begins anew is left out (Network::compile() makes it); what a cut array lacks is made from
/// `seed`. Weights of cards that are not in the new drawing stay, as do those of cards that have no shape yet.
CarriedWeights carryOver(const Weights& weights, const ModelGraph& before, const ModelGraph& after,
                         std::uint64_t seed = 1);

/// The notes alone, before there is anything to carry: what carryOver() would say of the weights of `before`.
std::vector<CarryNote> carryNotes(const ModelGraph& before, const ModelGraph& after);

} // namespace strata
