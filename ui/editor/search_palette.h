// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/editor/layer_search.h"

#include <QFrame>

class QLabel;
class QLineEdit;
class QListView;
class QPushButton;
class QStandardItemModel;

namespace strata::ui {

/// The one way to find a layer at the cursor: a field, and below it what fits here, the most used first. Enter adds,
/// Escape and a click elsewhere close it.
class SearchPalette : public QFrame {
    Q_OBJECT
public:
    explicit SearchPalette(QWidget* parent);

    /// Shows itself in its parent, near `at`, with an empty field that has the focus.
    void openAt(QPoint at, const SearchContext& context, const QString& heading);
    QLineEdit* field() const { return m_field; }
    /// The ids offered now, in their order; those that do not fit are among them only when asked for.
    QStringList offered() const;

Q_SIGNALS:
    void chosen(const QString& type);
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void refresh();
    void accept(int row);
    void step(int by);

    SearchContext m_context;
    QLineEdit* m_field;
    QLabel* m_heading;
    QWidget* m_columns;
    QListView* m_list;
    QStandardItemModel* m_model;
    QPushButton* m_more;
    bool m_showAll = false;
};

} // namespace strata::ui
