// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/text_scale.h"

#include <QFontMetricsF>

namespace strata::ui {

QFont fittingFont(const QFont& font, const QString& words, double room, const Theme& theme) {
    QFont fitting = font;
    const int least = theme.pixelSize(TextRole::Caption);
    while (fitting.pixelSize() > least && QFontMetricsF(fitting).horizontalAdvance(words) > room) fitting.setPixelSize(fitting.pixelSize() - 1);
    return fitting;
}

Metrics metricsFor(Density density, const Theme& theme) {
    Metrics m = Metrics::of(density);
    for (int* length : {&m.card.width, &m.card.height, &m.card.iconTile, &m.card.icon, &m.chip.height, &m.badge.height, &m.window.toolBar,
                        &m.window.statusBar, &m.window.paletteWidth, &m.window.inspectorWidth, &m.window.trainingHeight, &m.window.formRow,
                        &m.window.paletteRow}) {
        *length = wordLength(*length, theme);
    }
    return m;
}

} // namespace strata::ui
