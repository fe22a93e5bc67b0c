// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/words.h"

#include "engine/core/said.h"

#include <QCoreApplication>
#include <string>

namespace strata::ui {

QString translated(std::string_view english) {
    // QTranslator takes an empty text for a question about the file and answers with its header.
    return english.empty() ? QString() : QCoreApplication::translate("engine", std::string(english).c_str());
}

void sayInWindowsLanguage() {
    setPatternTranslator([](std::string_view english) { return translated(english).toStdString(); });
}

} // namespace strata::ui
