// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/document/graph_document.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;

namespace strata::ui {

class FigureList;

/// The project, shown when nothing is selected: what the whole network costs, and notes. Of several layers of different
/// types it says what they cost together.
class ProjectPage : public QWidget {
    Q_OBJECT
public:
    explicit ProjectPage(GraphDocument& document, QWidget* parent = nullptr);
    void setNodes(const std::vector<NodeId>& nodes);
    void refresh();
    /// As TotalsBar's, which has no room for all of them in a narrow window.
    void setMemory(qint64 training, qint64 inference);
    void setEpochTime(const QString& time);
    void focusFirst();

private:
    void showProject();
    /// What the figures are the sums of.
    QString heading() const;
    void showSum();
    void showCounts(std::int64_t layers, std::int64_t parameters, std::int64_t trainable, std::int64_t macs);

    GraphDocument& m_document;
    qint64 m_training = 0, m_predicting = 0; ///< 0: not known
    QString m_epoch;                         ///< empty: not known
    std::vector<NodeId> m_nodes;
    QLabel* m_head;
    FigureList* m_totals;
    QWidget* m_notesPart;
    QPlainTextEdit* m_notes;
};

} // namespace strata::ui
