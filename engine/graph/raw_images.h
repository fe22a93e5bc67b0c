// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/graph/analysis.h"
#include "engine/graph/graph_index.h"

#include <optional>

namespace strata {

/// The network brings the values 0..255 of images to a scale by itself, in a Rescaling or Normalization that they reach
/// as they are; else they come divided by 255.
bool takesRawImages(const ModelGraph& graph);
/// requires: isFlat() of its drawing
bool takesRawImages(const GraphIndex& index);

struct ValueRange {
    double low = 0, high = 0;
    double width() const { return high - low; }
};
/// The values that the images have where they reach this layer: as they come, or scaled by one number for all; nothing
/// where a layer before it makes others of them.
/// requires: isFlat() of its drawing
std::optional<ValueRange> imageValues(const GraphIndex& index, const AnalysisContext& context, std::size_t at);

} // namespace strata
