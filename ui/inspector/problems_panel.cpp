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
namespace {

constexpr int kQuiet = 150; ///< ms

std::vector<Problem> visibleOf(const GraphReport& report) {
    std::vector<Problem> visible;
    std::ranges::copy_if(report.problems, std::back_inserter(visible), [](const Problem& p) { return !p.silenced; });
    return visible;
}

} // namespace

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
    m_quiet.setInterval(kQuiet);
    m_quiet.setSingleShot(true);
    connect(&m_quiet, &QTimer::timeout, this, &ProblemsPanel::seekRepairs);
    connect(&document.repairBook(), &RepairBook::found, this, &ProblemsPanel::showRepairs);
    connect(&document, &GraphDocument::analysed, this, &ProblemsPanel::rebuild);
    rebuild();
}

void ProblemsPanel::rebuild() {
    if (isVisible()) showProblems();
    const auto count = static_cast<int>(std::ranges::count(m_document.report().problems, false, &Problem::silenced));
    if (count == m_count) return;
    m_count = count;
    Q_EMIT countChanged(count);
}

void ProblemsPanel::showProblems() {
    const std::vector<Problem> shown = visibleOf(m_document.report());
    refreshRemarks(shown.size());
    const auto shows = [](const Problem& p, const ProblemRow* row) { return p == row->problem(); };
    const auto top = std::span(shown).first(std::min(shown.size(), kMostRows));
    if (!std::ranges::equal(top, m_rows, shows)) fillRows(top);
    for (ProblemRow* row : m_rows) {
        // What a repair would do depends on the drawing and on what it is to fit.
        if (const std::vector<Repair>* repairs = m_document.repairBook().known(row->problem())) row->setRepairs(*repairs);
        else row->holdRepairs();
    }
    m_quiet.start();
}

ProblemsPanel::~ProblemsPanel() {
    for (ProblemRow* row : findChildren<ProblemRow*>()) row->disconnect(this); // a row that loses the focus says so
}

void ProblemsPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    showProblems();
}

void ProblemsPanel::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    m_quiet.stop();
}

void ProblemsPanel::refreshRemarks(std::size_t visible) {
    const int silenced = m_document.report().silenced();
    m_empty->setVisible(visible == 0);
    m_hiddenLine->setVisible(silenced > 0);
    m_hidden->setText(tr("%n hints are hidden.", nullptr, silenced));
    m_more->setVisible(visible > kMostRows);
    m_more->setText(tr("%n more are not shown.", nullptr, static_cast<int>(visible) - static_cast<int>(kMostRows)));
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

void ProblemsPanel::seekRepairs() {
    for (ProblemRow* row : m_rows) {
        if (const std::vector<Repair>* repairs = m_document.repairBook().known(row->problem())) row->setRepairs(*repairs);
        else m_document.repairBook().seek(row->problem());
    }
}

void ProblemsPanel::showRepairs(const Problem& problem) {
    const std::vector<Repair>* repairs = m_document.repairBook().known(problem);
    for (ProblemRow* row : m_rows) {
        if (row->problem() == problem && repairs != nullptr) row->setRepairs(*repairs);
    }
}

} // namespace strata::ui
