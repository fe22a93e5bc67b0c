// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QString;
class QWidget;

namespace strata::ui {

enum class Telling { Hint, Warning };

/// A box with a sentence and, below it, why or what to do; waits until it is closed.
void tell(QWidget* parent, Telling kind, const QString& text, const QString& detail);

} // namespace strata::ui
