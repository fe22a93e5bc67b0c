// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QKeySequence>
#include <QLineEdit>

class QLabel;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace strata::ui {

class Commands;

/// Takes the next chord that is pressed in it, whatever it does elsewhere; Tab and Escape go on doing their own.
class KeyField : public QLineEdit {
    Q_OBJECT
public:
    explicit KeyField(QWidget* parent = nullptr);
    QKeySequence keys() const { return m_keys; }
    void setKeys(const QKeySequence& keys);

Q_SIGNALS:
    void pressed();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QKeySequence m_keys;
};

/// All keys on one sheet, by menu, with a field to find one and another to change it. Made from the commands
/// themselves, so that it cannot say anything that is not so; only what the mouse does is written here.
class KeySheet : public QDialog {
    Q_OBJECT
public:
    KeySheet(Commands& commands, QWidget* parent);

    QTreeWidget* rows() const { return m_rows; }
    /// The row of a command; null where it is not shown.
    QTreeWidgetItem* row(const QString& id) const;

private:
    void fill();
    void filter();
    void chosen();
    void keysPressed();
    void useKeys();
    QString chosenId() const;

    Commands& m_commands;
    QLineEdit* m_search;
    QTreeWidget* m_rows;
    QWidget* m_change;
    QLabel *m_what, *m_says;
    KeyField* m_keys;
    QPushButton *m_use, *m_none, *m_reset;
};

} // namespace strata::ui
