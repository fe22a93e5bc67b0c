// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/problems_panel.h"

#include "ui/inspector/problem_row.h"
#include "ui/look/widgets.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace strata::ui {

ProblemsPanel::ProblemsPanel(GraphDocument& document, QWidget* parent) : QWidget(parent), m_document(document) {
    setProperty("surface", "panel");
    setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    m_list = new QWidget;
    m_column = new QVBoxLayout(m_list);
    m_column->setContentsMargins(12, 8, 12, 8);
    m_column->setSpacing(4);
    m_empty = secondaryLabel(tr("No problems: the network can be trained."));
    m_more = secondaryLabel({});
    m_hidden = secondaryLabel({});
    m_hiddenLine = new QWidget;
    auto* line = new QHBoxLayout(m_hiddenLine);
    line->setContentsMargins(0, 0, 0, 0);
    line->addWidget(m_hidden);
    auto* show = linkButton(tr("Show again"));
    show->setObjectName(QStringLiteral("showHidden"));
    show->setToolTip(tr("Show the hints that were hidden in this document"));
    connect(show, &QPushButton::clicked, &document, &GraphDocument::showSilenced);
    line->addWidget(show);
    line->addStretch(1);
    for (QWidget* remark : {static_cast<QWidget*>(m_empty), static_cast<QWidget*>(m_more), m_hiddenLine}) m_column->addWidget(remark);
    m_column->addStretch(1);
    area->setWidget(m_list);
    m_list->setAutoFillBackground(false); // the panel's own surface shows through
    column->addWidget(area);
    m_repairTimer.setInterval(0);
    connect(&m_repairTimer, &QTimer::timeout, this, &ProblemsPanel::findNextRepairs);
    connect(&document, &GraphDocument::analysed, this, &ProblemsPanel::rebuild);
    rebuild();
}

void ProblemsPanel::rebuild() {
    std::vector<Problem> shown;
    std::ranges::copy_if(m_document.report().problems, std::back_inserter(shown), [](const Problem& p) { return !p.silenced; });
    refreshRemarks(shown.size());
    const auto shows = [](const Problem& p, const ProblemRow* row) { return p == row->problem(); };
    const auto top = std::span(shown).first(std::min(shown.size(), kMostRows));
    const bool same = std::ranges::equal(top, m_rows, shows);
    // What a repair would do depends on the drawing and on what it is to fit.
    const bool sameRepairs = same && m_shownFor == m_document.graph() && m_shownIn == m_document.context();
    m_shownFor = m_document.graph();
    m_shownIn = m_document.context();
    if (!same) fillRows(top);
    if (!sameRepairs) {
        m_nextRow = 0;
        m_repairTimer.start();
    }
    const int count = static_cast<int>(shown.size());
    if (count == m_count) return;
    m_count = count;
    Q_EMIT countChanged(count);
}

void ProblemsPanel::refreshRemarks(std::size_t visible) {
    const int silenced = m_document.report().silenced();
    m_empty->setVisible(visible == 0);
    m_hiddenLine->setVisible(silenced > 0);
    m_hidden->setText(silenced == 1 ? tr("1 hint is hidden.") : tr("%1 hints are hidden.").arg(silenced));
    m_more->setVisible(visible > kMostRows);
    m_more->setText(tr("%1 more are not shown.").arg(static_cast<int>(visible) - static_cast<int>(kMostRows)));
}

/// Rows of problems that stay are kept, with their place on the screen and the focus.
void ProblemsPanel::fillRows(std::span<const Problem> shown) {
    std::vector<ProblemRow*> old = std::exchange(m_rows, {});
    for (const Problem& problem : shown) {
        const auto kept = std::ranges::find_if(old, [&](const ProblemRow* row) { return row != nullptr && row->problem() == problem; });
        ProblemRow* row = kept == old.end() ? makeRow(problem) : std::exchange(*kept, nullptr);
        m_column->removeWidget(row);
        m_column->insertWidget(1 + static_cast<int>(m_rows.size()), row);
        row->setObjectName(QStringLiteral("problem%1").arg(m_rows.size()));
        m_rows.push_back(row);
    }
    for (ProblemRow* row : old) {
        if (row == nullptr) continue;
        row->hide();
        row->setObjectName({});
        m_column->removeWidget(row);
        row->deleteLater(); // one of its buttons may be what brought us here
    }
}

ProblemRow* ProblemsPanel::makeRow(const Problem& problem) {
    const Node* node = m_document.graph().find(problem.node);
    auto* row = new ProblemRow(problem, node == nullptr ? QString() : QString::fromStdString(node->name));
    connect(row, &ProblemRow::placeClicked, this, [this, id = problem.node] { Q_EMIT nodeActivated(id); });
    connect(row, &ProblemRow::repairClicked, this, [this](const Repair& repair) { m_document.applyRepair(repair); });
    connect(row, &ProblemRow::repairPointedAt, this, [this](const Repair* repair) { m_document.preview(repair); });
    connect(row, &ProblemRow::hideRequested, this, [this, problem](bool everywhere) { m_document.silence(problem, everywhere); });
    return row;
}

void ProblemsPanel::findNextRepairs() {
    if (m_nextRow >= m_rows.size()) {
        m_repairTimer.stop();
        return;
    }
    ProblemRow& row = *m_rows[m_nextRow++];
    row.setRepairs(m_document.repairs(row.problem()));
}

} // namespace strata::ui
