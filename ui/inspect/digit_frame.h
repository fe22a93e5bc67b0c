// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"

#include <QImage>

#include <vector>

namespace strata::ui {

/// How the figures of a data set lie in their images: what a drawing has to be brought to before a network that learned
/// from them can be asked about it.
struct DigitFrame {
    double share = 0.72;       ///< longer side of the figure over the image's side
    double centreX = 0.5, centreY = 0.5; ///< of the figure's mass, over the image's sides
    bool darkOnLight = false;  ///< ink is dark
};

/// Measured on the first images of the data set. One whose images are all picture (photographs) has a share of 1.
DigitFrame frameOf(const Dataset& data);

/// A drawing, white on black of any size, as raw values 0..255 of an image of `shape` (H, W, C): its ink cut out,
/// scaled and placed as the frame says. An empty drawing is an empty image.
std::vector<float> framed(const QImage& drawing, const DigitFrame& frame, const Shape& shape);

} // namespace strata::ui
