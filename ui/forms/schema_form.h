// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/schema/schema.h"
#include "ui/look/metrics.h"

#include <QWidget>

#include <vector>

class QGridLayout;
class QLabel;
class QToolButton;

namespace strata::ui {

class ParamEditor;

/// Any schema as a form: a row a parameter, its label bold with an arrow back when it is not at its default, and
/// signals for what the hand did. It knows no document; requires: the schema outlives it.
class SchemaForm : public QWidget {
    Q_OBJECT
public:
    explicit SchemaForm(const Schema& schema, QWidget* parent = nullptr);

    const Schema& schema() const { return m_schema; }
    /// Missing keys are at their defaults. Never signals.
    void setValues(const ParamMap& values) { setCards({values}); }
    /// Those of several cards, at least one: where they differ the field says so.
    void setCards(std::vector<ParamMap> cards);
    /// Inside another form: narrower, without a place for "more".
    void setNested();
    void setDensity(Density density);
    void focusFirst();
    /// Gives the focus to a parameter's field, unfolded if need be.
    void focusOn(const QString& key);
    ParamEditor* editor(const QString& key) const;
    QToolButton* resetButton(const QString& key) const;

Q_SIGNALS:
    void edited(const QString& key, const strata::ParamValue& value);
    void settled();
    /// The field of this parameter has the focus: its help is wanted.
    void focused(const QString& key);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Row {
        const Param* param;
        QLabel* label;
        ParamEditor* editor;
        QToolButton* reset;
    };
    const ParamValue& valueOf(const Row& row, const ParamMap& card) const;
    QString differing(const Row& row, const std::vector<ParamMap>& cards) const;
    void refreshRow(Row& row, const std::vector<ParamMap>& cards);
    void showMore(bool on);

    const Schema& m_schema;
    std::vector<Row> m_rows;
    QGridLayout* m_grid;
    QToolButton* m_more = nullptr;
    ParamMap m_defaults;
    bool m_open = false, m_nested = false;
};

} // namespace strata::ui
