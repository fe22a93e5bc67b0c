// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"

#include <QWidget>

class QPlainTextEdit;

namespace strata::ui {

class FigureList;

/// The project, shown when nothing is selected: what the whole network costs, and notes.
class ProjectPage : public QWidget {
    Q_OBJECT
public:
    explicit ProjectPage(GraphDocument& document, QWidget* parent = nullptr);
    void refresh();
    void focusFirst();

private:
    GraphDocument& m_document;
    FigureList* m_totals;
    QPlainTextEdit* m_notes;
};

} // namespace strata::ui
