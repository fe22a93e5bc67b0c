// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/result.h"
#include "engine/interop/document_state.h"
#include "ui/editor/strip_item.h"

#include <QImage>
#include <QString>

#include <map>

namespace strata::ui {

/// What a picture of the drawing has beside cards and wires.
struct PictureOptions {
    bool legend = true; ///< title, totals, and what the colours mean
    bool dark = false;  ///< papers are light
    bool leftToRight = false;
    std::map<NodeId, Strip> strips; ///< feature maps and the like, as they stand beside the cards now
};

/// Writes the drawing as vectors (.svg, .pdf) or points (.png, three a logical pixel), by the file's ending.
/// Errors: an ending that is none of these, an empty drawing, a place that cannot be written to.
Result<> exportDrawing(const DocumentState& state, const QString& title, const QString& path, const PictureOptions& options = {});

/// The same for the clipboard; null for an empty drawing.
QImage drawingImage(const DocumentState& state, const QString& title, const PictureOptions& options = {}, double scale = 2);

} // namespace strata::ui
