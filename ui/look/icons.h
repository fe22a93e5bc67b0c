// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QStringList>

namespace strata::ui {

/// A colour of the theme by its purpose, for icons that follow a theme change by themselves.
enum class IconTone { Primary, Secondary, Accent, OnAccent, Error, Warning, Hint, Running };

/// The icon of resources/icons/<name>.svg, sharp at every size and pixel ratio, in a theme's colour: it
/// follows applyTheme. Disabled it is text.disabled. An unknown name gives a null icon (asserted in debug
/// builds).
QIcon icon(const QString& name, IconTone tone = IconTone::Primary);
/// The same in one fixed colour.
QIcon icon(const QString& name, const QColor& color);
/// The icon of a schema category in the category's colour; follows applyTheme.
QIcon categoryIcon(const QString& category);

/// The icon, `size` logical pixels wide and high, tinted; with devicePixelRatio dpr. Cached: asking again
/// costs a look-up, so an item may keep or ask for it, as it likes.
QPixmap iconPixmap(const QString& name, int size, const QColor& color, qreal dpr = 1.0);

/// The application's icon, in its own colours.
QIcon applicationIcon();

/// The names of all icons there are.
QStringList iconNames();

} // namespace strata::ui
