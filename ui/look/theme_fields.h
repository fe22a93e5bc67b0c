// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/look/theme.h"

namespace strata::ui {

/// Calls visit("surface.window", theme.surface.window) for every colour of a theme: the one list from which
/// the tokens are read, the style sheet is filled and the tests check. T: Theme or const Theme.
template <class T, class Visit>
void visitColors(T& theme, Visit visit) {
    auto& surface = theme.surface;
    visit("surface.window", surface.window);
    visit("surface.panel", surface.panel);
    visit("surface.raised", surface.raised);
    visit("surface.field", surface.field);
    visit("surface.canvas", surface.canvas);
    visit("surface.canvasDot", surface.canvasDot);
    visit("surface.card", surface.card);
    visit("surface.cardBlocked", surface.cardBlocked);
    visit("surface.badge", surface.badge);
    visit("surface.hover", surface.hover);
    visit("surface.pressed", surface.pressed);
    visit("surface.tooltip", surface.tooltip);
    visit("surface.plot", surface.plot);
    visit("text.primary", theme.text.primary);
    visit("text.secondary", theme.text.secondary);
    visit("text.disabled", theme.text.disabled);
    visit("text.onAccent", theme.text.onAccent);
    visit("text.onTooltip", theme.text.onTooltip);
    visit("text.link", theme.text.link);
    visit("line.line", theme.line.line);
    visit("line.lineStrong", theme.line.lineStrong);
    visit("line.cardBorder", theme.line.cardBorder);
    visit("accent.base", theme.accent.base);
    visit("accent.hover", theme.accent.hover);
    visit("accent.soft", theme.accent.soft);
    visit("selection.outline", theme.selection.outline);
    visit("selection.fill", theme.selection.fill);
    visit("selection.focus", theme.selection.focus);
    visit("wire.wire", theme.wire.wire);
    visit("wire.wireHover", theme.wire.wireHover);
    visit("wire.wireOk", theme.wire.wireOk);
    visit("wire.wireBad", theme.wire.wireBad);
    visit("wire.port", theme.wire.port);
    visit("wire.portRim", theme.wire.portRim);
    visit("status.error", theme.status.error);
    visit("status.errorSoft", theme.status.errorSoft);
    visit("status.warning", theme.status.warning);
    visit("status.warningSoft", theme.status.warningSoft);
    visit("status.hint", theme.status.hint);
    visit("status.hintSoft", theme.status.hintSoft);
    visit("status.running", theme.status.running);
    visit("status.runningSoft", theme.status.runningSoft);
    visit("series.train", theme.series.train);
    visit("series.validation", theme.series.validation);
    visit("series.reference", theme.series.reference);
    visit("series.best", theme.series.best);
    visit("kernelValues.negative", theme.kernelValues.negative);
    visit("kernelValues.zero", theme.kernelValues.zero);
    visit("kernelValues.positive", theme.kernelValues.positive);
}

/// Calls visit("convolution", look) for every category, in the order of the palette.
template <class T, class Visit>
void visitCategories(T& theme, Visit visit) {
    auto& of = theme.categories;
    visit("io", of.io);
    visit("convolution", of.convolution);
    visit("pooling", of.pooling);
    visit("core", of.core);
    visit("normalization", of.normalization);
    visit("regularization", of.regularization);
    visit("activation", of.activation);
    visit("merging", of.merging);
    visit("reshaping", of.reshaping);
}

} // namespace strata::ui
