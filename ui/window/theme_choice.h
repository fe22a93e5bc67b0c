// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

class QApplication;

namespace strata::ui {

class SystemScheme;

/// Light, dark, or as the system has it; and the size of all text. Kept between sessions; a change is seen at once.
namespace ThemeChoice {

/// Applies the choice to the application and follows the system from now on.
void follow(QApplication& app, SystemScheme& scheme);

QString chosen(); ///< "system", "light", "dark"
void choose(const QString& choice);
int textPercent();
void setTextPercent(int percent);
/// The sizes that the menu offers, and the next one up or down from the present.
QList<int> textSizes();
void stepText(int by);

} // namespace ThemeChoice

} // namespace strata::ui
