// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>

namespace strata::ui {

/// Compact is chosen by the window itself where it is narrow or low.
enum class Density { Regular, Compact };

/// Lengths, in logical pixels at 100 % (Qt scales them), from resources/themes/tokens.json. Card, port,
/// badge, chart and window differ between the densities; the rest is the same in both.
struct Metrics {
    struct {
        int width, height, gap, stripe, iconTile, icon, padLeft, padRight;
        int stripTile, stripGap, stripOffset, laneLeft;
        int errorPanelHeight, pileOffset;
    } card;
    struct {
        int height, radius, top, right, font;
    } chip;
    struct {
        int height, padX;
    } badge;
    struct {
        double belowZoom;
        int minScreenFont;
    } levelOfDetail;
    struct {
        double radius, hoverRadius, targetRadius, rim, hitRadius;
    } port;
    struct {
        int left, right, top, bottom;
    } chartMargins;
    struct {
        double frameRadius, rawOpacity, trainPen, rawPen, validationPen, markerRadius, markerPen,
            referencePen;
    } chart;
    struct {
        int toolBar, statusBar, paletteWidth, inspectorWidth, trainingHeight, formRow, paletteRow;
    } window;
    struct {
        int xxs, xs, s, m, l, xl, xxl, page;
    } space;
    struct {
        int tile, badge, field, button, card, popover;
    } radius;
    struct {
        double hairline, cardBorder, selectedOutline, errorOutline, focus, wire, wireHover, icon16, icon24;
    } line;
    struct {
        int caption, small, body, cardTitle, value, dialogTitle, pageTitle;
    } font;

    static const Metrics& regular();
    static const Metrics& compact();
    static const Metrics& of(Density density) { return density == Density::Compact ? compact() : regular(); }
};

/// Compact below 1366 wide or 800 high.
Density densityFor(QSize window);

} // namespace strata::ui
