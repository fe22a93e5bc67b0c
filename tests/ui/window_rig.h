// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/main_window.h"
#include "ui_support.h"

#include <QMessageBox>
#include <QPushButton>
#include <QTimer>

#include <functional>

namespace strata::ui::test {

/// A window with its document, shown and active.
struct Window {
    GraphDocument document;
    MainWindow window{document};

    Window() {
        window.resize(1500, 950);
        window.show();
        (void)QTest::qWaitForWindowActive(&window, test::kPatience);
    }
    void build() {
        document.edit(QStringLiteral("Build"), [](DocumentState& state) { state.graph = smallNet(); });
    }
};

/// Does something with the next message box, whenever it comes.
inline void whenAsked(std::function<void(QMessageBox&)> then) {
    QTimer::singleShot(10, qApp, [then = std::move(then)] {
        auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
        if (box == nullptr) whenAsked(then);
        else then(*box);
    });
}

/// Presses a button of the next message box.
inline void answer(QMessageBox::StandardButton button, bool* asked = nullptr) {
    whenAsked([button, asked](QMessageBox& box) {
        if (asked != nullptr) *asked = true;
        if (QAbstractButton* found = box.button(button)) found->click();
        else box.close();
    });
}

} // namespace strata::ui::test
