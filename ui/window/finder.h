// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/window/finding.h"

#include <QFrame>
#include <QPointer>

#include <functional>

class QLabel;
class QLineEdit;
class QListView;
class QStandardItemModel;

namespace strata::ui {

/// One field over the window and below it what matches: the search (cards, parameters, problems, commands) and the
/// command palette. Enter goes there, Escape and a click elsewhere close it and give the focus back.
class Finder : public QFrame {
    Q_OBJECT
public:
    explicit Finder(QWidget* window);

    /// `collect` is asked once, now: what is found is of this moment. `enterDoes`: a word or two beside the Enter key.
    void open(const QString& heading, const QString& placeholder, const QString& enterDoes, const std::function<std::vector<Finding>()>& collect);
    QLineEdit* field() const { return m_field; }
    const std::vector<Finding>& offered() const { return m_offered; }

Q_SIGNALS:
    void chosen(const strata::ui::Finding& finding);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void refresh();
    void accept(int row);
    void step(int by);

    std::vector<Finding> m_all, m_offered;
    QLineEdit* m_field;
    QLabel *m_heading, *m_count, *m_enter;
    QListView* m_list;
    QStandardItemModel* m_model;
    QPointer<QWidget> m_before; ///< had the focus
};

} // namespace strata::ui
