// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/core/shape.h"

#include <QImage>
#include <QString>

#include <vector>

namespace strata::ui {

/// A picture from a file as the network is shown it.
struct OwnPicture {
    QImage picture;            ///< what the network sees
    std::vector<float> values; ///< raw 0..255, (H, W, C)
    QString sentence;          ///< what was done to it: "photo.jpg: 640 × 480, shown to the network as 28 × 28 × 1"
};

/// Brings a picture to the network's input. Errors: no picture; an input that is no image of 1 or 3 channels.
Result<OwnPicture> ownPicture(const QString& path, const Shape& input);

} // namespace strata::ui
