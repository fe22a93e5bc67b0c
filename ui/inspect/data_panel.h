// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/inspect/data_images.h"
#include "ui/look/metrics.h"
#include "ui/training/chosen_data.h"

#include <QThreadPool>
#include <QWidget>

class QComboBox;
class QLabel;
class QListView;
class QMenu;
class QPushButton;
class QStackedLayout;

namespace strata::ui {

class ClassCounts;
class ClassCountsView;
class DataFacts;
class ElidedLabel;
class Notice;
class TestImageDelegate;

/// The Data tab: what the network learns from. Where it lies and how a run divides it, how many images each class has, the
/// images themselves as the network gets them, and what of it does not fit the network.
class DataPanel : public QWidget {
    Q_OBJECT
public:
    DataPanel(GraphDocument& document, ChosenData& data, QWidget* parent = nullptr);

    /// Leads to other data; filled by whoever knows them, when it opens.
    QMenu* dataMenu() const { return m_menu; }
    DataImages& images() const { return *m_images; }
    /// The test image that is followed through the network; -1: another picture is.
    void setPinned(std::int64_t index);
    void setDensity(Density density);

Q_SIGNALS:
    /// An image was chosen to be followed: one that tests, or any other by its values.
    void pinTest(std::int64_t index);
    void pinPicture(const std::vector<float>& values, const strata::Shape& shape, const QString& title);
    void settingsWanted();

protected:
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    /// One part of the data, as a run would have it.
    struct Part {
        std::shared_ptr<const Dataset> images;
        std::shared_ptr<const ClassIndex> index;
        std::int64_t first = 0; ///< where its first image stands among all that are not of the test part
        QString problem;        ///< why a run could not divide the data so
    };
    /// What a part depends on.
    struct Wanted {
        std::shared_ptr<const Dataset> train, test;
        double share = 0;
        DataPart part = DataPart::Training;
        bool operator==(const Wanted&) const = default;
    };
    struct Pinned {
        DataPart part; ///< Training: also of validation
        std::int64_t index;
    };

    QWidget* buildContent();
    QWidget* buildClasses();
    QWidget* buildImages();
    void refresh();
    void refreshParts();
    void refreshNotice();
    void refreshHead();
    void load();
    void count();
    void show(const Part& part);
    void showClass();
    void tellBalance();
    void showPinned();
    void pin(const QModelIndex& row);
    void act();
    void measure();
    DataPart part() const;
    static Part partOf(const Wanted& wanted);

    GraphDocument& m_document;
    ChosenData& m_data;
    QMenu* m_menu;
    QStackedLayout* m_pages;
    QLabel *m_classHead, *m_balance;
    QPushButton *m_act, *m_all;
    DataFacts* m_facts;
    QWidget *m_factsArea, *m_classColumn;
    Notice* m_notice;
    ClassCounts* m_counts;
    ClassCountsView* m_classes;
    DataImages* m_images;
    TestImageDelegate* m_delegate;
    QListView* m_list;
    ElidedLabel* m_head;
    QComboBox* m_part;
    Wanted m_shown;           ///< or on its way
    bool m_stale = false;     ///< that is not even on its way: the tab has not been seen since
    std::int64_t m_first = 0; ///< of the part that is shown
    QString m_splitProblem;
    std::optional<Pinned> m_pinned;
    QThreadPool m_pool; // last: its thread ends before anything else goes
};

} // namespace strata::ui
