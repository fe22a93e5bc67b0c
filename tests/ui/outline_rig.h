// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/outline/outline_panel.h"
#include "ui/window/main_window.h"
#include "ui_support.h"

#include <QAccessible>
#include <QDockWidget>
#include <QMenu>
#include <QTimer>
#include <QTreeWidget>

#include <functional>

namespace strata::ui::test {

/// A window with its outline in front, which has the focus.
struct OutlineWindow {
    GraphDocument document;
    MainWindow window{document};
    QTreeWidget* tree = nullptr;

    OutlineWindow() {
        document.reset(stateWith(smallNet()));
        window.resize(1500, 950);
        window.show();
        (void)QTest::qWaitForWindowActive(&window, kPatience);
        auto* dock = window.findChild<QDockWidget*>(QStringLiteral("outlineDock"));
        dock->show();
        dock->raise();
        tree = window.outline().tree();
        tree->setFocus();
        QTest::qWait(0);
    }
    QTreeWidgetItem* row(NodeId id) { return window.outline().row(id); }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) { QTest::keyClick(tree, key, modifiers); }
    void fold(std::initializer_list<NodeId> nodes) {
        document.edit(QStringLiteral("Fold"), [&](DocumentState& state) {
            (void)state.graph.addGroup({.title = "Eyes", .block = true, .folded = true}, std::span(nodes.begin(), nodes.size()));
        });
    }
    NoteId note(const char* text) {
        NoteId made = 0;
        document.edit(QStringLiteral("Note"), [&](DocumentState& state) { made = state.graph.addNote({.text = text, .position = {300, 40}}); });
        return made;
    }
    /// The row of the first note.
    QTreeWidgetItem* lastRow() { return tree->topLevelItem(tree->topLevelItemCount() - 1); }
    QStringList spoken() const {
        QStringList all;
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(tree);
        for (int i = 0; face != nullptr && i < face->childCount(); ++i) {
            if (QAccessibleInterface* child = face->child(i)) all << child->text(QAccessible::Name);
        }
        return all;
    }
    bool says(const QString& words) const { return spoken().contains(words); }
};

/// Does something with the menu that opens next.
inline void inMenu(const std::function<void(QMenu&)>& act) {
    QTimer::singleShot(0, qApp, [act] {
        if (auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget())) {
            act(*menu);
            menu->close();
        }
    });
}

} // namespace strata::ui::test
