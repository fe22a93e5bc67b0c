// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/training/family_list.h"

#include "ui/document/words.h"
#include "ui/forms/schema_form.h"
#include "ui/look/icons.h"
#include "ui/look/widgets.h"
#include "ui/training/family_form.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {

FamilyList::FamilyList(const QString& title, const QString& addText, const SchemaFamily& family, QWidget* parent)
    : QWidget(parent), m_family(family), m_column(new QVBoxLayout(this)) {
    setAccessibleName(title);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    auto* head = new QHBoxLayout;
    head->addWidget(label(title, TextRole::Body, QFont::DemiBold), 1);
    auto* add = iconButton(QStringLiteral("plus"), addText, this);
    add->setObjectName(QStringLiteral("add:") + QString::fromStdString(family.name));
    add->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(add);
    menu->setToolTipsVisible(true);
    for (const Schema* member : family.members) {
        QAction* action = menu->addAction(schemaName(*member));
        action->setToolTip(translated(member->doc));
        connect(action, &QAction::triggered, this, [this, id = QString::fromStdString(member->id)] { Q_EMIT added(id); });
    }
    add->setMenu(menu);
    head->addWidget(add);
    m_column->addLayout(head);
    m_column->addStretch(1);
}

FamilyList::Entry FamilyList::makeEntry(int index, const Schema& schema) {
    Entry entry{new QWidget(this), new SchemaForm(schema)};
    auto* column = new QVBoxLayout(entry.box);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(4);
    auto* head = new QHBoxLayout;
    auto* name = label(schemaName(schema), TextRole::Body);
    name->setToolTip(translated(schema.doc));
    head->addWidget(name, 1);
    auto* remove = iconButton(QStringLiteral("trash"), tr("Take %1 away").arg(schemaName(schema)), entry.box);
    remove->setObjectName(QStringLiteral("remove:%1").arg(index));
    head->addWidget(remove);
    column->addLayout(head);
    column->addWidget(entry.form);
    connect(remove, &QToolButton::clicked, this, [this, index] { Q_EMIT removed(index); });
    connect(entry.form, &SchemaForm::edited, this,
            [this, index](const QString& key, const ParamValue& value) { Q_EMIT edited(index, key, value); });
    connect(entry.form, &SchemaForm::settled, this, &FamilyList::settled);
    return entry;
}

void FamilyList::show(const std::vector<TypedParams>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Schema* schema = m_family.find(values[i].id);
        if (schema == nullptr) break;
        if (i < m_entries.size() && &m_entries[i].form->schema() != schema) {
            while (m_entries.size() > i) {
                m_entries.back().box->deleteLater(); // its own button may have asked for it
                m_entries.back().box->hide();
                m_entries.pop_back();
            }
        }
        if (i == m_entries.size()) {
            m_entries.push_back(makeEntry(static_cast<int>(i), *schema));
            m_column->insertWidget(m_column->count() - 1, m_entries.back().box);
        }
        m_entries[i].form->setValues(values[i].params);
    }
    const auto known = std::ranges::find_if(values, [this](const TypedParams& v) { return m_family.find(v.id) == nullptr; });
    while (m_entries.size() > static_cast<std::size_t>(known - values.begin())) {
        m_entries.back().box->deleteLater();
        m_entries.back().box->hide();
        m_entries.pop_back();
    }
}

} // namespace strata::ui
