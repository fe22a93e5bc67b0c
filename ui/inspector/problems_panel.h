// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"

#include <QTimer>
#include <QWidget>

#include <span>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace strata::ui {

class ProblemRow;

/// All mistakes of the drawing, each with its place, a sentence and the repairs that are one click and one undo step.
/// A repair under the pointer is previewed on the cards. Hints can be hidden; a line at the end says how many are.
class ProblemsPanel : public QWidget {
    Q_OBJECT
public:
    /// More would not be read, and each is a dozen widgets.
    static constexpr std::size_t kMostRows = 60;

    explicit ProblemsPanel(GraphDocument& document, QWidget* parent = nullptr);
    int count() const { return m_count; }

Q_SIGNALS:
    void countChanged(int count);
    /// The place of a problem was asked for.
    void nodeActivated(strata::NodeId node);

private:
    void rebuild();
    void fillRows(std::span<const Problem> shown);
    ProblemRow* makeRow(const Problem& problem);
    void refreshRemarks(std::size_t visible);
    void findNextRepairs();

    GraphDocument& m_document;
    QWidget* m_list;
    QVBoxLayout* m_column;
    QLabel *m_empty, *m_more, *m_hidden;
    QWidget* m_hiddenLine;
    std::vector<ProblemRow*> m_rows;
    /// What a repair would do is found by trying it, which takes a while for many: one row after the other, when
    /// nothing else is to do.
    QTimer m_repairTimer;
    std::size_t m_nextRow = 0;
    ModelGraph m_shownFor;
    AnalysisContext m_shownIn;
    int m_count = -1;
};

} // namespace strata::ui
