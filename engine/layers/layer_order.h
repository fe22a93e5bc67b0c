// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/layers/layer.h"

namespace strata {

/// Brings layers into the order of the palette: by category as layerCategories() lists them, then by name.
void sortForPalette(std::vector<LayerType>& types);

struct LayerCategory {
    std::string_view id;    ///< key of the theme's category colours and icons
    std::string_view title; ///< "Convolution"
};
/// The categories in the order of the palette.
std::span<const LayerCategory> layerCategories();

} // namespace strata
