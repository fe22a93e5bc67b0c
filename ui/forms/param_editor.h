// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

#include <QWidget>

#include <memory>

namespace strata::ui {

/// The widget for one parameter. getter, setter, and a signal for what the hand did; setValue never signals.
class ParamEditor : public QWidget {
    Q_OBJECT
public:
    ParamEditor(const Param& param, QWidget* parent);
    const Param& param() const { return m_param; }

    virtual void setValue(const ParamValue& value) = 0;
    /// The cards have several values: none is shown, steps begin at this one, what is chosen holds for all. Until the next setValue().
    virtual void setMixed(const ParamValue& first) = 0;
    /// The widget that takes the focus when the form is asked for its first field.
    virtual QWidget* field() = 0;
    /// What belongs below the row and takes its whole width; null: nothing.
    virtual QWidget* below() { return nullptr; }

    /// The editor for the parameter's kind.
    static ParamEditor* make(const Param& param, QWidget* parent);

Q_SIGNALS:
    void edited(const strata::ParamValue& value);
    /// One series of steps is over: the next edit is an undo step of its own.
    void settled();

protected:
    void watch(QWidget* field);
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    const Param& m_param; ///< belongs to a schema, which lives as long as the program
};

} // namespace strata::ui
