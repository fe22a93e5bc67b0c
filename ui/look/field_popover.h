// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QLineEdit;
class QListView;
class QStandardItemModel;
class QStyledItemDelegate;

namespace strata::ui {

/// A field over the window and below it the rows that match. Up, Down and the pages choose while the field has the
/// focus, Enter and a click accept, Escape and a click elsewhere close it. What the rows are, its heirs know.
class FieldPopover : public QFrame {
    Q_OBJECT
public:
    QLineEdit* field() const { return m_field; }

protected:
    FieldPopover(QWidget* parent, int rowHeight, int mostRows);

    virtual void refresh() = 0;
    virtual void accept(int row) = 0;
    void setRowHeight(int height) { m_rowHeight = height; }
    void setDelegate(QStyledItemDelegate* delegate);
    /// As high as its rows, with the first of them chosen; `most` bounds the height.
    void fitRows(int most = QWIDGETSIZE_MAX);
    bool eventFilter(QObject* watched, QEvent* event) override;

    QLineEdit* m_field;
    QLabel *m_heading, *m_enter; ///< m_enter: what Enter does
    QHBoxLayout *m_head, *m_foot; ///< with room at the right end
    QListView* m_list;
    QStandardItemModel* m_model;

private:
    void buildField();
    void buildList();
    void buildFoot();
    void step(int by, bool around);

    int m_rowHeight, m_mostRows;
};

} // namespace strata::ui
