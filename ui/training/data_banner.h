// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/training/chosen_data.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace strata::ui {

class IconLabel;

/// Above the canvas while the chosen data could not be opened: why, what to do, and the way to other data. Without it a grey
/// Train would say so only to who points at it.
class DataBanner : public QFrame {
    Q_OBJECT
public:
    explicit DataBanner(ChosenData& data, QWidget* parent = nullptr);

Q_SIGNALS:
    void otherDataWanted();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();

    ChosenData& m_data;
    IconLabel* m_icon;
    QLabel* m_text;
};

} // namespace strata::ui
