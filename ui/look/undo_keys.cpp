// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/undo_keys.h"

#include <QAbstractSpinBox>
#include <QKeyEvent>
#include <QLineEdit>

namespace strata::ui {
namespace {

bool isUndoKey(const QKeyEvent& event) {
    return event.matches(QKeySequence::Undo) || event.matches(QKeySequence::Redo) ||
           (event.key() == Qt::Key_Y && event.modifiers() == Qt::ControlModifier) ||
           (event.key() == Qt::Key_Z && event.modifiers() == (Qt::ControlModifier | Qt::ShiftModifier));
}

class UndoKeys : public QObject {
public:
    UndoKeys(QWidget* field, QLineEdit* line) : QObject(field), m_line(line) { field->installEventFilter(this); }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        const bool override = event->type() == QEvent::ShortcutOverride && !m_line->isModified();
        if (!override || !isUndoKey(*static_cast<QKeyEvent*>(event))) return QObject::eventFilter(watched, event);
        event->ignore(); // then it is a shortcut
        return true;
    }

private:
    QLineEdit* m_line;
};

} // namespace

void leaveUndoToWindow(QWidget* field) {
    auto* spin = qobject_cast<QAbstractSpinBox*>(field);
    auto* line = spin != nullptr ? spin->findChild<QLineEdit*>() : qobject_cast<QLineEdit*>(field);
    if (line == nullptr) return;
    new UndoKeys(field, line);
    const auto taken = [line] { line->setModified(line->property("invalid").toBool()); };
    if (spin != nullptr) QObject::connect(spin, &QAbstractSpinBox::editingFinished, line, taken);
    else QObject::connect(line, &QLineEdit::editingFinished, line, taken);
}

} // namespace strata::ui
