// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string_view>

namespace strata::ui {

/// A text that the engine keeps in English (label, doc or choice of a schema, category, template, data set), in the
/// window's language. Sentences that the engine puts together come translated: see sayInWindowsLanguage().
QString translated(std::string_view english);

/// From here on the engine's sentences are in the language of the installed translators. The command line never calls it.
void sayInWindowsLanguage();

} // namespace strata::ui
