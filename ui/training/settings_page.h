// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QGridLayout;
class QLabel;
class QSpinBox;
class QVBoxLayout;

namespace strata::ui {

class SchemaForm;

/// A choice from a family (optimiser, loss) and the parameters of what is chosen.
class FamilyForm : public QWidget {
    Q_OBJECT
public:
    /// requires: the family outlives the form
    FamilyForm(const QString& title, const SchemaFamily& family, QWidget* parent = nullptr);
    /// Never signals.
    void show(const TypedParams& value);

Q_SIGNALS:
    void chosen(const QString& id);
    void edited(const QString& key, const strata::ParamValue& value);
    void settled();

private:
    const SchemaFamily& m_family;
    QVBoxLayout* m_column;
    QComboBox* m_choice;
    SchemaForm* m_form = nullptr;
};

/// The Settings tab: how the next run is to go. Every change is an undoable edit of the document.
class SettingsPage : public QWidget {
    Q_OBJECT
public:
    explicit SettingsPage(GraphDocument& document, QWidget* parent = nullptr);

private:
    QWidget* buildRun();
    void addRow(QGridLayout& grid, const QString& name, QWidget* field, const QString& help);
    void refresh();
    /// Edits in a row of one field are one undo step.
    void edit(const QString& text, const char* field, const std::function<void(TrainingSettings&)>& change);

    GraphDocument& m_document;
    FamilyForm *m_optimizer, *m_loss;
    QSpinBox *m_epochs, *m_batch, *m_threads, *m_seed;
    QDoubleSpinBox* m_validation;
    QCheckBox *m_shuffle, *m_keepBest;
};

} // namespace strata::ui
