// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/look/theme.h"

#include <QImage>

#include <span>

namespace strata::ui {

/// The viridis colour map (S. van der Walt and N. Smith, matplotlib 1.5): perceptually even, readable in grey
/// and by colour-blind eyes. t is clamped to [0, 1]; a NaN is mid grey, so that it is seen.
QRgb viridis(float t);

/// The colour of a signed value: theme.kernelValues, symmetric about 0. absMax <= 0 gives the colour of zero.
QRgb signedColor(float value, float absMax, const Theme& theme);

/// One map in viridis, one pixel a value. requires: values.size() == height * width  // (H, W)
QImage featureMapImage(std::span<const float> values, int height, int width, float min, float max);

/// One signed map (a kernel, products), one pixel a value; absMax is the value of full colour.
/// requires: values.size() == height * width  // (H, W)
QImage kernelImage(std::span<const float> values, int height, int width, float absMax, const Theme& theme);

/// An input as it is: grey for one channel, colours for three or four, the first channel in grey otherwise.
/// requires: values.size() == height * width * channels  // (H, W, C)
QImage pictureImage(std::span<const float> values, int height, int width, int channels, float min, float max);

/// How a strip of maps is laid out, in logical pixels.
struct StripLayout {
    int tile = 46;
    int gap = 4;
    int maxTiles = 12;
    qreal dpr = 1.0;
};

/// The first maps of a layer side by side, nearest neighbour, one maximum for the whole strip (over all
/// channels, so that a dead filter looks dead and a strip does not change its scale with maxTiles); from 0
/// where nothing is negative, else from the least value. Maps that are not square keep their proportions
/// within the tile. requires: values.size() == height * width * channels  // (H, W, C)
QImage featureStripImage(std::span<const float> values, int height, int width, int channels,
                         const StripLayout& layout);

/// A vector as one bar code, nearest neighbour; where there are more values than pixels, the largest of each
/// pixel.
QImage barcodeImage(std::span<const float> values, int width, int height, qreal dpr = 1.0);

} // namespace strata::ui
