// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/commands.h"

#include "ui/window/command_tips.h"

#include <QMenu>
#include <QSettings>

#include <algorithm>

namespace strata::ui {
namespace {

QString settingOf(const QString& id) {
    return QStringLiteral("keys/") + id;
}

} // namespace

QString Command::text() const {
    const QString whole = action->property(kWholeName).toString();
    QString words = whole.isEmpty() ? action->text() : whole;
    words.remove(QLatin1Char('&'));
    if (words.endsWith(QChar(0x2026))) words.chop(1);
    return words;
}

QString Command::keysText() const {
    QStringList keys;
    for (const QKeySequence& key : action->shortcuts()) keys << key.toString(QKeySequence::NativeText);
    return keys.join(QStringLiteral(", "));
}

void Commands::add(QAction* action, const QString& group) {
    if (action->objectName().isEmpty() || action->isSeparator() || action->menu() != nullptr) return;
    if (find(action->objectName()) != nullptr) return;
    const Command& added = m_all.emplace_back(Command{action->objectName(), group, action, action->shortcuts()});
    connect(action, &QObject::destroyed, this, [this, action] { std::erase_if(m_all, [action](const Command& c) { return c.action == action; }); });
    // Without a tool tip of its own an action shows its text again.
    if (const QString tip = commandTip(added.id); !tip.isEmpty()) action->setToolTip(tip);
    const QVariant kept = QSettings().value(settingOf(added.id));
    if (kept.isValid()) {
        QList<QKeySequence> keys;
        for (const QString& text : kept.toStringList()) {
            const QKeySequence key = QKeySequence::fromString(text, QKeySequence::PortableText);
            if (!key.isEmpty()) keys << key;
        }
        action->setShortcuts(keys);
    }
    settleKeys(added, kept.isValid());
}

/// A key that two actions have works for neither: it stays with the one for which it was chosen.
void Commands::settleKeys(const Command& added, bool chosen) {
    const auto drop = [](const Command& command, const QKeySequence& key) {
        QList<QKeySequence> rest = command.action->shortcuts();
        rest.removeAll(key);
        command.action->setShortcuts(rest);
    };
    for (const QKeySequence& key : added.action->shortcuts()) {
        const Command* other = owner(key, added.id);
        if (other == nullptr) continue;
        if (chosen) drop(*other, key);
        else if (!other->usual.contains(key)) drop(added, key);
    }
}

const Command* Commands::find(const QString& id) const {
    const auto it = std::ranges::find(m_all, id, &Command::id);
    return it == m_all.end() ? nullptr : &*it;
}

const Command* Commands::owner(const QKeySequence& key, const QString& id) const {
    const auto it = std::ranges::find_if(m_all, [&](const Command& c) { return c.id != id && c.action->shortcuts().contains(key); });
    return it == m_all.end() ? nullptr : &*it;
}

void Commands::keep(const Command& command) const {
    QSettings settings;
    if (!isChanged(command)) {
        settings.remove(settingOf(command.id));
        return;
    }
    QStringList texts;
    for (const QKeySequence& key : command.action->shortcuts()) texts << key.toString(QKeySequence::PortableText);
    settings.setValue(settingOf(command.id), texts);
}

void Commands::setKeys(const QString& id, const QList<QKeySequence>& keys) {
    const Command* command = find(id);
    if (command == nullptr) return;
    for (const QKeySequence& key : keys) {
        while (const Command* other = owner(key, id)) {
            QList<QKeySequence> rest = other->action->shortcuts();
            rest.removeAll(key);
            other->action->setShortcuts(rest);
            keep(*other);
        }
    }
    command->action->setShortcuts(keys);
    keep(*command);
    Q_EMIT changed();
}

void Commands::reset(const QString& id) {
    if (const Command* command = find(id)) setKeys(id, command->usual);
}

void Commands::resetAll() {
    for (const Command& command : m_all) {
        command.action->setShortcuts(command.usual);
        keep(command);
    }
    Q_EMIT changed();
}

} // namespace strata::ui
