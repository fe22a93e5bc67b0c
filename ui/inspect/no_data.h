// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QMenu;
class QPushButton;

namespace strata::ui {

class ChosenData;

/// In the place of the data while there are none: why, and what to do.
class NoData : public QWidget {
    Q_OBJECT
public:
    /// `menu`: leads to other data.
    NoData(ChosenData& data, QMenu& menu, QWidget* parent = nullptr);

private:
    void refresh();
    QString sentence() const;

    ChosenData& m_data;
    QLabel* m_sentence;
    QPushButton *m_again, *m_stop;
};

} // namespace strata::ui
