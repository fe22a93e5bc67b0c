// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/graph_index.h"

namespace strata {

/// The network brings the values 0..255 of images to a scale by itself, in a Rescaling or Normalization that they reach
/// as they are; else they come divided by 255.
bool takesRawImages(const ModelGraph& graph);
/// requires: isFlat() of its drawing
bool takesRawImages(const GraphIndex& index);

/// The values of the images reach this layer as they come.
/// requires: isFlat() of its drawing
bool meetsImages(const GraphIndex& index, std::size_t at);

} // namespace strata
