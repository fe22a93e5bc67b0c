// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPushButton;

namespace strata::ui {

class EditorView;

/// How a drawing begins, in three lines, while there is none: on a canvas without cards or with nothing but where the data
/// come in. Hands go through it to the canvas; only its link is there to be clicked.
class EmptyHint : public QWidget {
    Q_OBJECT
public:
    explicit EmptyHint(EditorView& view);
    void refresh();
    /// Where no card is: in the middle, else below the cards or beside them. Hidden where the canvas has no such place.
    void place();

protected:
    void paintEvent(QPaintEvent*) override;

private:
    EditorView& m_view;
    QPushButton* m_templates;
    QStringList m_lines;
    bool m_wanted = false;
};

} // namespace strata::ui
