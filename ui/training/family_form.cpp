// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/family_form.h"

#include "ui/document/words.h"
#include "ui/forms/schema_form.h"
#include "ui/look/widgets.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

namespace strata::ui {

QString schemaName(const Schema& schema) {
    return schema.label.empty() ? QString::fromStdString(schema.id) : translated(schema.label);
}

FamilyForm::FamilyForm(const QString& title, const SchemaFamily& family, const QString& none, QWidget* parent)
    : QWidget(parent), m_family(family), m_column(new QVBoxLayout(this)), m_choice(new QComboBox) {
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    auto* head = new QHBoxLayout;
    auto* name = label(title, TextRole::Body, QFont::DemiBold);
    name->setMinimumWidth(122);
    name->setBuddy(m_choice);
    m_choice->setAccessibleName(title);
    m_choice->setObjectName(QString::fromStdString(family.name));
    if (!none.isEmpty()) m_choice->addItem(none, QString());
    for (const Schema* member : family.members) {
        m_choice->addItem(schemaName(*member), QString::fromStdString(member->id));
        m_choice->setItemData(m_choice->count() - 1, translated(member->doc), Qt::ToolTipRole);
    }
    // A long name is cut, and the list is as wide as the longest: the column keeps its width.
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_choice->setMinimumContentsLength(10);
    head->addWidget(name);
    head->addWidget(m_choice, 1);
    m_column->addLayout(head);
    m_column->addStretch(1);
    connect(m_choice, &QComboBox::activated, this, [this](int index) { Q_EMIT chosen(m_choice->itemData(index).toString()); });
}

void FamilyForm::show(const TypedParams& value) {
    const Schema* schema = m_family.find(value.id);
    if (schema == nullptr) return;
    const QSignalBlocker blocker(m_choice);
    m_choice->setCurrentIndex(m_choice->findData(QString::fromStdString(schema->id)));
    m_choice->setToolTip(translated(schema->doc));
    if (m_form == nullptr || &m_form->schema() != schema) {
        delete m_form;
        m_form = new SchemaForm(*schema);
        m_column->insertWidget(1, m_form);
        connect(m_form, &SchemaForm::edited, this, &FamilyForm::edited);
        connect(m_form, &SchemaForm::settled, this, &FamilyForm::settled);
    }
    m_form->setValues(value.params);
}

void FamilyForm::showNone() {
    const QSignalBlocker blocker(m_choice);
    m_choice->setCurrentIndex(m_choice->findData(QString()));
    m_choice->setToolTip({});
    delete m_form;
    m_form = nullptr;
}

} // namespace strata::ui
