// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace strata::ui {

/// In a line edit or a spin box Ctrl+Z and Ctrl+Y are for the words that are being typed; as soon as these are taken over
/// (Enter, the focus goes) the keys are the window's again, which undo the document. Qt's fields keep them for ever.
/// Call it after the field's own editingFinished is connected: what that finds wrong (property "invalid") is not taken over.
void leaveUndoToWindow(QWidget* field);

} // namespace strata::ui
