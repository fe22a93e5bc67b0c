// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

} // namespace ThemeChoice

} // namespace strata::ui
