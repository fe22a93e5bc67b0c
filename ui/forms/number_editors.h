// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/param_editor.h"

#include <vector>

class QCheckBox;
class QDoubleSpinBox;
class QSpinBox;
class QToolButton;

namespace strata::ui {

class MixedSpin;

class BoolEditor : public ParamEditor {
    Q_OBJECT
public:
    BoolEditor(const Param& param, QWidget* parent);
    void setValue(const ParamValue& value) override;
    void setMixed(const ParamValue& first) override;
    QWidget* field() override;

private:
    QCheckBox* m_box;
};

class IntEditor : public ParamEditor {
    Q_OBJECT
public:
    IntEditor(const Param& param, QWidget* parent);
    void setValue(const ParamValue& value) override;
    void setMixed(const ParamValue& first) override;
    QWidget* field() override;

private:
    QSpinBox* m_spin;
    MixedSpin* m_mixed;
};

/// A number of any size: 0.001 stays 0.001, and a step is a tenth of the value's own magnitude.
class RealEditor : public ParamEditor {
    Q_OBJECT
public:
    RealEditor(const Param& param, QWidget* parent);
    void setValue(const ParamValue& value) override;
    void setMixed(const ParamValue& first) override;
    QWidget* field() override;

private:
    QDoubleSpinBox* m_spin;
    MixedSpin* m_mixed;
};

/// Two or three numbers with a link that keeps them equal ("3 × 3"); a size may be unknown where the parameter says so.
class TupleEditor : public ParamEditor {
    Q_OBJECT
public:
    TupleEditor(const Param& param, QWidget* parent);
    void setValue(const ParamValue& value) override;
    void setMixed(const ParamValue& first) override;
    QWidget* field() override;
    QToolButton* link() const { return m_link; }

private:
    void changed(std::size_t index);

    std::vector<QSpinBox*> m_spins;
    std::vector<MixedSpin*> m_mixed; ///< of each
    QToolButton* m_link;
    bool m_linkTouched = false;
};

} // namespace strata::ui
