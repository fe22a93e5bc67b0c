// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/param_editor.h"

#include "ui/forms/number_editors.h"
#include "ui/forms/object_editor.h"
#include "ui/forms/text_editors.h"
#include "ui/look/undo_keys.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QEvent>

namespace strata::ui {

ParamEditor::ParamEditor(const Param& param, QWidget* parent) : QWidget(parent), m_param(param) {}

ParamEditor* ParamEditor::make(const Param& param, QWidget* parent) {
    switch (param.kind) {
    case ParamKind::Bool: return new BoolEditor(param, parent);
    case ParamKind::Int:
        if (!param.optional) return new IntEditor(param, parent);
        break;
    case ParamKind::Real:
        if (!param.optional) return new RealEditor(param, parent);
        break;
    case ParamKind::IntTuple:
        if (param.length > 0 && param.length <= 3 && param.groupsOf == 0 && !param.optional) return new TupleEditor(param, parent);
        break;
    case ParamKind::Choice: return new ChoiceEditor(param, parent);
    case ParamKind::Object: return new ObjectEditor(param, parent);
    default: break;
    }
    return new LineEditor(param, parent);
}

void ParamEditor::watch(QWidget* field) {
    field->installEventFilter(this);
    leaveUndoToWindow(field);
    // The wheel scrolls the form: a value changes under it only when its field was chosen first.
    if (qobject_cast<QAbstractSpinBox*>(field) != nullptr || qobject_cast<QComboBox*>(field) != nullptr) {
        field->setFocusPolicy(Qt::StrongFocus);
    }
}

bool ParamEditor::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusOut) Q_EMIT settled();
    if (event->type() == QEvent::Wheel && !static_cast<QWidget*>(watched)->hasFocus()) {
        event->ignore();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace strata::ui
