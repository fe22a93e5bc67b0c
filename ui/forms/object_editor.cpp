// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/object_editor.h"

#include "ui/document/words.h"
#include "ui/forms/mixed_spin.h"
#include "ui/forms/schema_form.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace strata::ui {

ObjectEditor::ObjectEditor(const Param& param, QWidget* parent)
    : ParamEditor(param, parent)
    , m_combo(new QComboBox(this))
    , m_below(new QWidget(parent))
    , m_column(new QVBoxLayout(m_below)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_combo);
    m_combo->setMinimumWidth(70);
    m_column->setContentsMargins(14, 0, 0, 4);
    m_column->setSpacing(4);
    if (param.optional) m_combo->addItem(tr("None"));
    if (param.family != nullptr) {
        for (const Schema* member : param.family().members) {
            const QString id = QString::fromStdString(member->id);
            m_combo->addItem(member->label.empty() ? id : translated(member->label), id);
            m_combo->setItemData(m_combo->count() - 1, translated(member->doc), Qt::ToolTipRole);
        }
    }
    m_combo->setAccessibleName(translated(param.label));
    m_combo->setMinimumContentsLength(6);
    m_combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    watch(m_combo);
    connect(m_combo, &QComboBox::currentIndexChanged, this, &ObjectEditor::chosen);
}

void ObjectEditor::setValue(const ParamValue& value) {
    const QSignalBlocker blocker(m_combo);
    const TypedParams* object = value.asObject();
    const std::string before = m_value.id;
    m_value = object == nullptr ? TypedParams{} : *object;
    m_combo->setCurrentIndex(object == nullptr ? (param().optional ? 0 : -1) : m_combo->findData(QString::fromStdString(object->id)));
    if (before != m_value.id || (m_form == nullptr && !m_value.id.empty())) showForm();
    if (m_form != nullptr) m_form->setValues(m_value.params);
}

void ObjectEditor::setMixed(const ParamValue&) {
    const QSignalBlocker blocker(m_combo);
    m_combo->setPlaceholderText(mixedWord());
    m_combo->setCurrentIndex(-1);
    m_value = {};
    showForm();
}

void ObjectEditor::showForm() {
    delete m_form;
    m_form = nullptr;
    const Schema* schema = m_value.id.empty() || param().family == nullptr ? nullptr : param().family().find(m_value.id);
    if (schema == nullptr || schema->params.empty()) return;
    m_form = new SchemaForm(*schema, m_below);
    m_form->setNested();
    m_column->addWidget(m_form);
    connect(m_form, &SchemaForm::edited, this, [this](const QString& key, const ParamValue& value) {
        m_value.params[key.toStdString()] = value;
        Q_EMIT edited(m_value);
    });
    connect(m_form, &SchemaForm::settled, this, &ParamEditor::settled);
}

void ObjectEditor::chosen(int index) {
    const QVariant id = m_combo->itemData(index);
    m_value = {id.isValid() ? id.toString().toStdString() : std::string(), {}};
    showForm();
    if (m_form != nullptr) m_form->setValues({});
    Q_EMIT edited(id.isValid() ? ParamValue(m_value) : ParamValue());
    Q_EMIT settled();
}

QWidget* ObjectEditor::field() {
    return m_combo;
}

} // namespace strata::ui
