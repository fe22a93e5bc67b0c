// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/key_sheet.h"

#include "ui/document/text_match.h"
#include "ui/look/text_scale.h"
#include "ui/look/widgets.h"
#include "ui/window/command_tips.h"
#include "ui/window/commands.h"

#include <QHeaderView>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace strata::ui {
namespace {

constexpr int kIdRole = Qt::UserRole;

/// What hands do on the canvas without a command's key.
QList<std::pair<QString, QString>> hands() {
    return {{KeySheet::tr("Zoom about the pointer"), KeySheet::tr("wheel, pinch")},
            {KeySheet::tr("Move the canvas"), KeySheet::tr("middle or right drag, Space and drag, two fingers")},
            {KeySheet::tr("Select"), KeySheet::tr("click, Ctrl or Shift click, drag on empty canvas")},
            {KeySheet::tr("Lead a wire elsewhere"), KeySheet::tr("drag it; a double click on its dot takes that away")},
            {KeySheet::tr("Cut wires"), KeySheet::tr("Ctrl and right drag across them")},
            {KeySheet::tr("Move all wires of an output"), KeySheet::tr("Ctrl and drag from its port")},
            {KeySheet::tr("Connect"), KeySheet::tr("drag from port to port; on empty canvas it offers what fits")},
            {KeySheet::tr("Insert into a wire"), KeySheet::tr("drop a card on it")},
            {KeySheet::tr("To the first field of a card"), KeySheet::tr("double click")}};
}

bool goesOn(const QKeyEvent& event) {
    const bool plain = (event.modifiers() & ~Qt::ShiftModifier) == Qt::NoModifier;
    return plain && (event.key() == Qt::Key_Tab || event.key() == Qt::Key_Backtab || event.key() == Qt::Key_Escape);
}

} // namespace

KeyField::KeyField(QWidget* parent) : QLineEdit(parent) {
    setReadOnly(true);
    setFixedWidth(wordLength(150));
    setPlaceholderText(tr("Press keys"));
}

void KeyField::setKeys(const QKeySequence& keys) {
    m_keys = keys;
    setText(keys.toString(QKeySequence::NativeText));
}

bool KeyField::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && !goesOn(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QLineEdit::event(event);
}

void KeyField::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    if (goesOn(*event)) {
        QLineEdit::keyPressEvent(event);
        return;
    }
    event->accept();
    if (key == Qt::Key_unknown || key == Qt::Key_Control || key == Qt::Key_Shift || key == Qt::Key_Alt || key == Qt::Key_Meta || key == Qt::Key_AltGr) return;
    Qt::KeyboardModifiers modifiers = event->modifiers() & ~(Qt::KeypadModifier | Qt::GroupSwitchModifier);
    // A question mark is a question mark, with whichever keys it is made here.
    if (!event->text().isEmpty() && event->text().front().isPrint() && !event->text().front().isLetter() && modifiers == Qt::ShiftModifier) modifiers = {};
    setKeys(QKeySequence(QKeyCombination(modifiers, static_cast<Qt::Key>(key))));
    Q_EMIT pressed();
}

KeySheet::KeySheet(Commands& commands, QWidget* parent) : QDialog(parent), m_commands(commands) {
    setWindowTitle(tr("Keys"));
    setObjectName(QStringLiteral("keySheet"));
    const QSize most = parent == nullptr ? QSize(760, 640) : parent->window()->size() - QSize(48, 48);
    resize(QSize(wordLength(760), wordLength(640)).boundedTo(most));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(10);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("keySearch"));
    m_search->setPlaceholderText(tr("Find a command or a key"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setToolTip(tr("Shows only the commands and keys with these words"));
    column->addWidget(m_search);

    m_rows = new QTreeWidget;
    m_rows->setObjectName(QStringLiteral("keyRows"));
    m_rows->setAccessibleName(tr("Commands and their keys"));
    m_rows->setColumnCount(2);
    m_rows->setHeaderLabels({tr("Command"), tr("Keys")});
    m_rows->setRootIsDecorated(false);
    m_rows->setIndentation(12);
    m_rows->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_rows->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_rows->header()->setStretchLastSection(false);
    column->addWidget(m_rows, 1);

    m_change = new QWidget;
    auto* change = new QHBoxLayout(m_change);
    change->setContentsMargins(0, 0, 0, 0);
    m_what = label({}, TextRole::Body, QFont::DemiBold);
    m_keys = new KeyField;
    m_keys->setObjectName(QStringLiteral("keyField"));
    m_keys->setAccessibleName(tr("New keys"));
    m_keys->setToolTip(tr("Press the new keys here"));
    m_use = plainButton(tr("Use"));
    m_use->setObjectName(QStringLiteral("keyUse"));
    m_use->setToolTip(tr("Gives the command these keys"));
    m_none = plainButton(tr("No key"));
    m_none->setObjectName(QStringLiteral("keyNone"));
    m_none->setToolTip(tr("Takes all keys from the command"));
    m_reset = plainButton(tr("As it was"));
    m_reset->setObjectName(QStringLiteral("keyReset"));
    m_reset->setToolTip(tr("Gives the command its usual keys back"));
    for (QPushButton* button : {m_use, m_none, m_reset}) button->setAutoDefault(false);
    change->addWidget(m_what, 1);
    change->addWidget(m_keys);
    change->addWidget(m_use);
    change->addWidget(m_none);
    change->addWidget(m_reset);
    column->addWidget(m_change);
    m_says = secondaryLabel(tr("Choose a command to change its keys."));
    m_says->setWordWrap(true);
    m_says->setObjectName(QStringLiteral("keySays"));

    auto* foot = new QHBoxLayout;
    auto* all = plainButton(tr("Reset all"));
    all->setObjectName(QStringLiteral("keyResetAll"));
    all->setToolTip(tr("Gives every command its usual keys back"));
    all->setAutoDefault(false);
    auto* close = plainButton(tr("Close"));
    close->setToolTip(tr("Closes this sheet"));
    close->setAutoDefault(false);
    foot->addWidget(m_says, 1);
    foot->addWidget(all);
    foot->addWidget(close);
    column->addLayout(foot);

    connect(m_search, &QLineEdit::textChanged, this, &KeySheet::filter);
    connect(m_rows, &QTreeWidget::currentItemChanged, this, &KeySheet::chosen);
    connect(m_rows, &QTreeWidget::itemActivated, m_keys, [this] { m_keys->setFocus(); });
    connect(m_keys, &KeyField::pressed, this, &KeySheet::keysPressed);
    connect(m_use, &QPushButton::clicked, this, &KeySheet::useKeys);
    connect(m_none, &QPushButton::clicked, this, [this] { m_commands.setKeys(chosenId(), {}); });
    connect(m_reset, &QPushButton::clicked, this, [this] { m_commands.reset(chosenId()); });
    connect(all, &QPushButton::clicked, &m_commands, &Commands::resetAll);
    connect(close, &QPushButton::clicked, this, &QDialog::accept);
    connect(&m_commands, &Commands::changed, this, &KeySheet::fill);
    fill();
    m_search->setFocus();
}

void KeySheet::fill() {
    const QString before = chosenId();
    m_rows->clear();
    const auto group = [this](const QString& title) {
        for (int i = 0; i < m_rows->topLevelItemCount(); ++i) {
            if (m_rows->topLevelItem(i)->text(0) == title) return m_rows->topLevelItem(i);
        }
        auto* head = new QTreeWidgetItem(m_rows, {title});
        QFont bold = head->font(0);
        bold.setWeight(QFont::DemiBold);
        head->setFont(0, bold);
        head->setFlags(Qt::ItemIsEnabled);
        head->setFirstColumnSpanned(true);
        return head;
    };
    for (const Command& command : m_commands.all()) {
        auto* row = new QTreeWidgetItem(group(command.group), {command.text(), command.keysText()});
        row->setData(0, kIdRole, command.id);
        QFont font = row->font(1);
        font.setWeight(m_commands.isChanged(command) ? QFont::DemiBold : QFont::Normal);
        row->setFont(1, font);
    }
    QTreeWidgetItem* mouse = group(tr("Mouse and canvas"));
    for (const auto& [what, how] : hands()) new QTreeWidgetItem(mouse, {what, how});
    m_rows->expandAll();
    filter();
    if (QTreeWidgetItem* again = row(before)) m_rows->setCurrentItem(again);
    chosen();
}

void KeySheet::filter() {
    const Phrase phrase(m_search->text());
    for (int g = 0; g < m_rows->topLevelItemCount(); ++g) {
        QTreeWidgetItem* group = m_rows->topLevelItem(g);
        bool any = false;
        for (int i = 0; i < group->childCount(); ++i) {
            QTreeWidgetItem* row = group->child(i);
            const QString words = row->text(1) + QLatin1Char(' ') + commandWords(row->data(0, kIdRole).toString());
            const bool shown = phraseMatch(row->text(0), words, phrase) > 0;
            row->setHidden(!shown);
            any = any || shown;
        }
        group->setHidden(!any);
    }
}

QTreeWidgetItem* KeySheet::row(const QString& id) const {
    for (int g = 0; g < m_rows->topLevelItemCount(); ++g) {
        QTreeWidgetItem* group = m_rows->topLevelItem(g);
        for (int i = 0; i < group->childCount(); ++i) {
            if (!id.isEmpty() && group->child(i)->data(0, kIdRole).toString() == id) return group->child(i);
        }
    }
    return nullptr;
}

QString KeySheet::chosenId() const {
    const QTreeWidgetItem* item = m_rows->currentItem();
    return item == nullptr ? QString() : item->data(0, kIdRole).toString();
}

void KeySheet::chosen() {
    const Command* command = m_commands.find(chosenId());
    m_change->setEnabled(command != nullptr);
    m_what->setText(command == nullptr ? QString() : command->text());
    m_reset->setEnabled(command != nullptr && m_commands.isChanged(*command));
    m_none->setEnabled(command != nullptr && !command->action->shortcuts().isEmpty());
    m_use->setEnabled(false);
    m_keys->setKeys({});
    m_says->setText(command == nullptr ? tr("Choose a command to change its keys.") : tr("Click into the field and press the new keys."));
}

void KeySheet::keysPressed() {
    const QKeySequence key = m_keys->keys();
    const Command* owner = m_commands.owner(key, chosenId());
    m_use->setEnabled(true);
    m_says->setText(owner == nullptr ? tr("%1 is free.").arg(key.toString(QKeySequence::NativeText))
                                     : tr("%1 is what \"%2\" has now; it would lose it.").arg(key.toString(QKeySequence::NativeText), owner->text()));
}

void KeySheet::useKeys() {
    const QKeySequence key = m_keys->keys();
    if (!key.isEmpty()) m_commands.setKeys(chosenId(), {key});
}

} // namespace strata::ui
