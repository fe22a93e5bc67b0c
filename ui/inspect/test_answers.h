// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/training/training_session.h"

#include <QThreadPool>
#include <QTimer>
#include <QWidget>

#include <optional>

class QCheckBox;
class QComboBox;
class QLabel;
class QListView;
class QMenu;
class QPushButton;
class QToolButton;

namespace strata::ui {

class ConfusionModel;
class ConfusionView;
class ElidedLabel;
class TestImageDelegate;
class TestImages;

/// How the test images were answered: the confusion matrix beside the images, which shows those of one of its cells.
class TestAnswers : public QWidget {
    Q_OBJECT
public:
    explicit TestAnswers(TrainingSession& session, QWidget* parent = nullptr);

    void setPinned(std::int64_t index);
    TestImages& images() const { return *m_images; }

Q_SIGNALS:
    /// A test image was clicked.
    void pinTest(std::int64_t index);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* buildHead();
    void connectHead();
    /// Puts the choices into a menu where they would take more than two lines.
    void fitHead();
    void fillChoices(QMenu& menu);
    QWidget* buildList();
    void refresh();
    void countAgain();
    void showCell();
    void showMatrix();
    void showList();
    void refreshHead();
    QString cellSentence() const;
    QString summary() const;
    bool canBeTested() const;

    TrainingSession& m_session;
    TestImages* m_images;
    TestImageDelegate* m_delegate;
    ConfusionModel* m_counts;
    ElidedLabel* m_axes; ///< what the matrix's rows and columns are
    ConfusionView* m_matrix;
    QListView* m_list;
    QWidget* m_headBox;
    ElidedLabel* m_head; ///< how many are right, or what goes on
    QLabel* m_empty;
    QCheckBox *m_matrixWanted, *m_mistakes;
    QComboBox* m_order;
    QToolButton* m_choices; ///< for these three, in a narrow window
    QPushButton* m_act; ///< the one thing to do about that
    std::shared_ptr<const Evaluation> m_counted; ///< what the matrix shows, or is about to
    QTimer m_tick;                               ///< while the images are tested
    QThreadPool m_pool;
};

} // namespace strata::ui
