// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/open_data.h"
#include "ui/look/metrics.h"
#include "ui/training/training_session.h"

#include <QAction>
#include <QPointer>
#include <QPushButton>
#include <QThreadPool>
#include <QWidget>

class QLabel;
class QMenu;
class QToolButton;

namespace strata::ui {

class ElidedLabel;
class IconLabel;
class ThinProgress;
class TickLabel;

/// Train, Pause, Stop and Step: the actions for menu and keys, and their buttons for the tool bar.
class TrainBar : public QWidget {
    Q_OBJECT
public:
    explicit TrainBar(TrainingSession& session, QWidget* parent = nullptr);

    QList<QAction*> actions() const;
    /// Starts; where there are weights already, asks by a menu whether to go on with them or to begin anew.
    void train();
    void setDensity(Density density);
    /// Icons without their words, for a window that is hardly wider than the tool bar.
    void setTight(bool tight);

private:
    void refresh();
    QAction* addCommand(const QString& name, const QString& text, const QString& icon, const QList<QKeySequence>& keys, const QString& tip = {});

    TrainingSession& m_session;
    QAction *m_train, *m_continue, *m_anew, *m_pause, *m_stop, *m_step, *m_reset;
    QPushButton *m_trainButton, *m_pauseButton, *m_stopButton, *m_stepButton;
    QMenu* m_choice;
    bool m_tight = false;
};

/// The data set's button in the tool bar, with its menu.
class DataButton : public QPushButton {
    Q_OBJECT
public:
    explicit DataButton(ChosenData& data, QWidget* parent = nullptr);
    void setDensity(Density density);
    /// Puts the same entries into another menu, anew each time it opens.
    void fill(QMenu& menu);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

private:
    void refresh();
    /// Looks on another thread which data sets there are; menus that are open get them then.
    void look();
    void addKnown(QMenu& menu, QAction* before);
    void chooseFolder();
    void chooseFile();

    ChosenData& m_data;
    IconLabel* m_icon;
    QLabel *m_name, *m_counts;
    IconLabel* m_arrow;
    QMenu* m_menu;
    Density m_density = Density::Regular;
    std::vector<KnownData> m_known;
    bool m_looked = false, m_looking = false;
    QPointer<QMenu> m_filled; ///< the menu that was opened last
    QThreadPool m_pool; // last: its thread ends before anything else goes
};

/// Epoch, time left and images/s over a bar; while data is being opened, how far that is.
class ProgressStrip : public QWidget {
    Q_OBJECT
public:
    explicit ProgressStrip(TrainingSession& session, QWidget* parent = nullptr);
    void setDensity(Density density);
    /// As narrow as it can be, for a window that is hardly wider than the tool bar.
    void setTight(bool tight);

private:
    void refresh();
    void makeRoom();

    TrainingSession& m_session;
    ElidedLabel* m_what;
    TickLabel* m_rest;
    ThinProgress* m_bar;
    QToolButton* m_cancel;
    Density m_density = Density::Regular;
    int m_least = 0; ///< its width, unless the words need more
    bool m_tight = false;
};

} // namespace strata::ui
