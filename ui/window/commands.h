// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QObject>

#include <optional>
#include <vector>

namespace strata::ui {

/// The property of an action whose words make sense only inside its menu: what it is called everywhere else.
inline constexpr const char* kWholeName = "wholeName";

/// One thing the window can do. Its id is the action's object name, its keys are the action's.
struct Command {
    QString id, group; ///< group: the menu it stands in, "Canvas" for what only the canvas has
    QAction* action = nullptr;
    QList<QKeySequence> usual; ///< its keys before anybody changed them

    /// The words of the menu without marks for the keyboard.
    QString text() const;
    /// "Ctrl+Y, Ctrl+Shift+Z", as this system writes keys.
    QString keysText() const;
};

/// All actions of the window in one place: the command palette, the key sheet and the tests read it, and keys are
/// changed through it. Changed keys are kept in the settings and win when the action is added again, also over another
/// command that has one of them by default.
class Commands : public QObject {
    Q_OBJECT
public:
    explicit Commands(QObject* parent = nullptr) : QObject(parent) {}

    /// An action without a name or one that is there already is passed over.
    void add(QAction* action, const QString& group);
    const std::vector<Command>& all() const { return m_all; }
    const Command* find(const QString& id) const;

    /// The command that has this key already, where `id` may not take it.
    const Command* owner(const QKeySequence& key, const QString& id) const;
    bool isChanged(const Command& command) const { return command.action->shortcuts() != command.usual; }
    /// Gives a command these keys and takes them from whoever had them.
    void setKeys(const QString& id, const QList<QKeySequence>& keys);
    void reset(const QString& id);
    void resetAll();

Q_SIGNALS:
    void changed();

private:
    void keep(const Command& command) const;
    void settleKeys(const Command& added, bool chosen);

    std::vector<Command> m_all;
};

} // namespace strata::ui
