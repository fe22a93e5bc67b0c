// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/model_graph.h"

namespace strata {

/// What the file of a drawing has room for; more is not read.
constexpr std::size_t kMostDrawnCards = 10'000, kMostDrawnWires = 40'000, kMostNotes = 10'000;
constexpr std::size_t kMostBends = 100; ///< of a wire
constexpr double kFarthest = 1e6;       ///< logical pixels, to all sides: what a canvas can still show

/// The nearest place on the canvas; ModelGraph brings there what is put elsewhere.
Point onCanvas(Point place);

/// May all of `more` come into the drawing at once (a paste, a template), with `wires` that it brings besides its own?
/// Single cards, wires and notes have room behind that. The error is a sentence for the person who asked for it.
Result<> checkRoom(const ModelGraph& drawing, const ModelGraph& more, std::size_t wires = 0);

/// May a drawing become this other one? Not when it gets more than a file has room for; getting smaller is always allowed.
Result<> checkGrowth(const ModelGraph& before, const ModelGraph& after);

} // namespace strata
