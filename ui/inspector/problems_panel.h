// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace strata::ui {

/// All mistakes of the drawing, each with its place, a sentence and the repairs that are one click and one undo step.
class ProblemsPanel : public QWidget {
    Q_OBJECT
public:
    explicit ProblemsPanel(GraphDocument& document, QWidget* parent = nullptr);
    int count() const { return m_count; }

Q_SIGNALS:
    void countChanged(int count);
    /// The place of a problem was asked for.
    void nodeActivated(strata::NodeId node);

private:
    void rebuild();

    GraphDocument& m_document;
    QWidget* m_list;
    QVBoxLayout* m_rows;
    QLabel* m_empty;
    std::vector<Problem> m_shown;
    ModelGraph m_shownFor;
    int m_count = -1;
};

} // namespace strata::ui
