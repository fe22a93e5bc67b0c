// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace strata::ui {

/// Registers the compiled-in resources (":/strata/icons", ":/strata/themes"). Everything in ui/look that
/// needs one calls it, so it works from the application, a test or a static library alike; call it before you
/// open one yourself.
void initResources();

/// The bytes of ":/strata/<path>"; empty if there is none.
QByteArray resourceBytes(const QString& path);

/// The words of numbers in English ("1 layer", "2 layers"), below the translators of other languages: call it before theirs.
void installPlurals();

} // namespace strata::ui
