// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/param_editor.h"

class QComboBox;
class QLineEdit;

namespace strata::ui {

class ChoiceEditor : public ParamEditor {
    Q_OBJECT
public:
    ChoiceEditor(const Param& param, QWidget* parent);
    void setValue(const ParamValue& value) override;
    void setMixed(const ParamValue& first) override;
    QWidget* field() override;

private:
    QComboBox* m_combo;
};

/// For what has no widget of its own: text, lists ("28, 28, 1"; "?" for an unknown size) and numbers that may be None.
/// What cannot be read is marked and told, and changes nothing.
class LineEditor : public ParamEditor {
    Q_OBJECT
public:
    LineEditor(const Param& param, QWidget* parent);
    void setValue(const ParamValue& value) override;
    void setMixed(const ParamValue& first) override;
    QWidget* field() override;

    static QString toText(const ParamValue& value);
    static Result<ParamValue> fromText(const Param& param, const QString& text);

private:
    void show(const QString& text, const QString& otherwise);
    void commit();

    QLineEdit* m_line;
    bool m_mixed = false;
};

} // namespace strata::ui
