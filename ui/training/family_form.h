// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

#include <QWidget>

class QComboBox;
class QVBoxLayout;

namespace strata::ui {

class SchemaForm;

/// A choice from a family (optimizer, loss, schedule) and the parameters of what is chosen.
class FamilyForm : public QWidget {
    Q_OBJECT
public:
    /// `none`: what choosing nothing is called; empty where something must be chosen.
    /// requires: the family outlives the form
    FamilyForm(const QString& title, const SchemaFamily& family, const QString& none = {}, QWidget* parent = nullptr);
    /// Never signals.
    void show(const TypedParams& value);
    void showNone();

Q_SIGNALS:
    /// The id; empty for nothing.
    void chosen(const QString& id);
    void edited(const QString& key, const strata::ParamValue& value);
    void settled();

private:
    const SchemaFamily& m_family;
    QVBoxLayout* m_column;
    QComboBox* m_choice;
    SchemaForm* m_form = nullptr;
};

/// What a person calls it.
QString schemaName(const Schema& schema);

} // namespace strata::ui
