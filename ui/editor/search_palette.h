// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/layer_search.h"
#include "ui/look/field_popover.h"

#include <QPointer>

class QPushButton;

namespace strata::ui {

/// The one way to find a layer at the cursor: a field, and below it what fits here, the most used first. Enter adds,
/// Escape and a click elsewhere close it.
class SearchPalette : public FieldPopover {
    Q_OBJECT
public:
    explicit SearchPalette(QWidget* host);

    /// Shows itself over its host, or over its neighbours where the host is small, near `at` of the host, with an empty
    /// field that has the focus.
    void openAt(QPoint at, const SearchContext& context, const QString& heading);
    /// The ids offered now, in their order; those that do not fit are among them only when asked for.
    QStringList offered() const;

Q_SIGNALS:
    void chosen(const QString& type);
    void closed();

protected:
    void hideEvent(QHideEvent* event) override;
    void refresh() override;
    void accept(int row) override;

private:
    QRect room() const;

    QPointer<QWidget> m_host;
    SearchContext m_context;
    QWidget* m_columns;
    QLabel* m_parameters;
    QPushButton* m_more;
    bool m_showAll = false;
};

} // namespace strata::ui
