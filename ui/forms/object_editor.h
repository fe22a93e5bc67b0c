// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/param_editor.h"

class QComboBox;
class QVBoxLayout;

namespace strata::ui {

class SchemaForm;

/// A choice from a family whose members have parameters of their own (an initialiser): the names, and below them the
/// chosen one's form.
class ObjectEditor : public ParamEditor {
    Q_OBJECT
public:
    ObjectEditor(const Param& param, QWidget* parent);
    void setValue(const ParamValue& value) override;
    void setMixed(const ParamValue& first) override;
    QWidget* field() override;
    QWidget* below() override { return m_below; }

private:
    void chosen(int index);
    void showForm();

    QComboBox* m_combo;
    QWidget* m_below;
    QVBoxLayout* m_column;
    SchemaForm* m_form = nullptr;
    TypedParams m_value;
};

} // namespace strata::ui
