// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/training/training_session.h"

#include <QFrame>

class QLabel;
class QPushButton;
class QToolButton;

namespace strata::ui {

class IconLabel;

/// Above the canvas while a run trains another network than the one that is drawn: says so, and takes the drawing into
/// the run. Afterwards it says what became of the weights.
class RunBanner : public QFrame {
    Q_OBJECT
public:
    explicit RunBanner(TrainingSession& session, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void refresh();
    /// What became of the weights is no longer told.
    void forget();
    void showDifference();
    void showCarried();
    /// The list of cards by what becomes of their weights.
    void openList();

    TrainingSession& m_session;
    std::vector<CarryNote> m_carried; ///< told until it is closed or the run is over
    IconLabel* m_icon;
    QLabel* m_text;
    QPushButton *m_apply, *m_which;
    QToolButton* m_close;
};

/// "5 layers kept, 1 cut, 1 begun anew"; what there is none of is left out.
QString carrySummary(const std::vector<CarryNote>& notes);

} // namespace strata::ui
