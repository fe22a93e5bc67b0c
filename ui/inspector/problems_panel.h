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
    ~ProblemsPanel() override;
    int count() const { return m_count; }

Q_SIGNALS:
    void countChanged(int count);
    /// The place of a problem was asked for.
    void nodeActivated(strata::NodeId node);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void rebuild();
    void showProblems();
    void fillRows(std::span<const Problem> shown);
    ProblemRow* makeRow(const Problem& problem);
    void refreshRemarks(std::size_t visible);
    void seekRepairs();
    void showRepairs(const Problem& problem);

    GraphDocument& m_document;
    QWidget* m_list;
    QVBoxLayout* m_column;
    QLabel *m_empty, *m_more, *m_hidden;
    QWidget* m_hiddenLine;
    std::vector<ProblemRow*> m_rows;
    QTimer m_quiet; ///< repairs are looked for when nobody types any more
    int m_count = -1;
};

} // namespace strata::ui
