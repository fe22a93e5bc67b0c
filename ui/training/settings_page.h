// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"
#include "ui/document/graph_document.h"

#include <QWidget>

class QCheckBox;
class QDoubleSpinBox;
class QGridLayout;
class QLabel;
class QScrollArea;
class QSpinBox;

namespace strata::ui {

class FamilyForm;
class FamilyList;
class Notice;
class TrainingSession;

/// The Settings tab: how the next run is to go. Every change is an undoable edit of the document.
class SettingsPage : public QWidget {
    Q_OBJECT
public:
    explicit SettingsPage(GraphDocument& document, QWidget* parent = nullptr);

    /// The training images of the chosen data; null while there are none. A schedule's length and balanced class weights
    /// come from them.
    void setData(std::shared_ptr<const Dataset> train);
    /// While this session trains, the page says what of a change reaches the run.
    void follow(const TrainingSession& session);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildRun();
    void tellOfRun(const TrainingSession& session);
    void connectSchedule();
    void connectList(FamilyList& list, const char* field, std::vector<TypedParams> TrainingSettings::*member, const QString& add,
                     const QString& remove, const QString& set);
    /// Updates of a whole run.
    std::int64_t steps(const TrainingSettings& settings) const;
    void addRow(QGridLayout& grid, const QString& name, QWidget* field, const QString& help);
    void refresh();
    /// Edits in a row of one field are one undo step.
    void edit(const QString& text, const char* field, const std::function<void(TrainingSettings&)>& change);

    GraphDocument& m_document;
    std::shared_ptr<const Dataset> m_data;
    QWidget* m_content;
    QScrollArea* m_area;
    Notice* m_ofRun;
    FamilyForm *m_optimizer, *m_loss, *m_schedule;
    FamilyList *m_metrics, *m_callbacks;
    QSpinBox *m_epochs, *m_batch, *m_threads, *m_seed;
    QDoubleSpinBox* m_validation;
    QCheckBox *m_shuffle, *m_keepBest, *m_balance;
};

} // namespace strata::ui
