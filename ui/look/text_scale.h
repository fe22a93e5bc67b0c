// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/look/metrics.h"
#include "ui/look/theme.h"

#include <algorithm>

namespace strata::ui {

/// How much longer what holds words is than at a text size of 100 %; smaller words need no less.
inline double wordScale(const Theme& theme = currentTheme()) {
    return std::max(1.0, theme.fontScale);
}

/// A length of something that holds words, made for 100 %.
inline int wordLength(int length, const Theme& theme = currentTheme()) {
    return qRound(length * wordScale(theme));
}

/// The font, or a smaller one of its kind in which the words fit into `room`; no smaller than captions are.
QFont fittingFont(const QFont& font, const QString& words, double room, const Theme& theme);

/// The lengths of a density, with cards, badges, bars and docks as large as these words need them.
Metrics metricsFor(Density density, const Theme& theme);

} // namespace strata::ui
