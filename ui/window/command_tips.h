// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace strata::ui {

/// A sentence about what a command of the window or the canvas does, for its tool tip, the palette and screen readers;
/// empty for one that says it itself.
QString commandTip(const QString& id);

/// Other words that people look for a command by; empty where its own are enough.
QString commandWords(const QString& id);

} // namespace strata::ui
