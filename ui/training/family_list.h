// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"

#include <QWidget>

#include <vector>

class QToolButton;
class QVBoxLayout;

namespace strata::ui {

class SchemaForm;

/// Any number of members of a family (callbacks, metrics), each with its parameters and a button that takes it away.
class FamilyList : public QWidget {
    Q_OBJECT
public:
    /// requires: the family outlives the list
    FamilyList(const QString& title, const QString& addText, const SchemaFamily& family, QWidget* parent = nullptr);
    /// Never signals. The list ends before an id that the family does not know.
    void show(const std::vector<TypedParams>& values);
    int count() const { return static_cast<int>(m_entries.size()); }

Q_SIGNALS:
    void added(const QString& id);
    void removed(int index);
    void edited(int index, const QString& key, const strata::ParamValue& value);
    void settled();

private:
    struct Entry {
        QWidget* box;
        SchemaForm* form;
    };
    Entry makeEntry(int index, const Schema& schema);

    const SchemaFamily& m_family;
    QVBoxLayout* m_column;
    std::vector<Entry> m_entries;
};

} // namespace strata::ui
